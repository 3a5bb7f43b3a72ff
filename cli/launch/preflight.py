"""Checks before a deployment: what would make it fail, or a stage that cannot serve."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli import provider_terms
from cli.launch.peak import admitted, needs
from cli.launch.stage_account import StageAccount
from infra_cdk.config import EDGE_REGION
from infra_cdk.limits.measured import Measurement, largest, measured
from infra_cdk.limits.names import Template
from topk.runtime.tokens.issuer_keys import LARGEST_DOCUMENT

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
OLDEST_BOOTSTRAP = 6
"""As CDK's templates require."""
DISCOVERY_SECONDS, KEY_SET_BYTES = 2, LARGEST_DOCUMENT
EXAMPLE = (".example", "example.com", "example.org", ".invalid", ".test")
"""Domains that nobody owns, as in the cdk.json of a new checkout."""
# What another deployment repairs, or what is being changed at this moment.
DEPLOYABLE = (
    "",
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "REVIEW_IN_PROGRESS",
)

Fetch = Callable[[str], bytes]
"""The body at a URL. Raises OSError."""
Templates = Callable[[], Mapping[str, Template]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; `todo` is empty if it passed."""

    check: str
    result: str
    todo: str = ""


def preflight(
    account: StageAccount,
    number: str,
    *,
    templates: Templates,
    fetch: Fetch,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Finding]:
    """The findings, quick checks first. `number` is the account's."""
    yield Finding("credentials", f"account {number}")
    checks: Sequence[Callable[[], Iterator[Finding]]] = (
        lambda: _bootstraps(account),
        lambda: _stacks(account),
        lambda: _names(account),
        lambda: _domain(account),
        lambda: _mail(account),
        lambda: _issuers(account, fetch, clock),
        lambda: _terms(account),
    )
    for check in checks:
        yield from check()
    made = templates()
    yield from _sizes(account, made)
    yield from _quotas(account, made)


def _bootstraps(account: StageAccount) -> Iterator[Finding]:
    for region in dict.fromkeys((account.region, EDGE_REGION)):
        check = f"bootstrap in {region}"
        todo = f"topk cdk bootstrap aws://ACCOUNT/{region}"
        try:
            told = account.client("ssm", region).get_parameter(Name=BOOTSTRAP)
        except (BotoCoreError, ClientError) as error:
            missing = "ParameterNotFound" in str(error)
            yield Finding(check, "missing" if missing else str(error), todo)
            continue
        version = int(told["Parameter"]["Value"])
        yield Finding(check, f"version {version}", todo if version < OLDEST_BOOTSTRAP else "")


def _terms(account: StageAccount) -> Iterator[Finding]:
    """What providers' terms leave to the operator; it stops no deployment."""
    undecided = list(provider_terms.warnings(account.deployment.name))
    yield Finding("providers' terms", "\n".join(undecided) or "decided for every tenant")


def _stacks(account: StageAccount) -> Iterator[Finding]:
    for stack in account.stacks:
        try:
            status = account.status(stack)
        except (BotoCoreError, ClientError) as error:
            yield Finding(f"stack {stack}", str(error), "allow cloudformation:DescribeStacks")
            continue
        todo = "" if status in DEPLOYABLE else _repair(account, status)
        yield Finding(f"stack {stack}", status or "not deployed", todo)


def _repair(account: StageAccount, status: str) -> str:
    if status.endswith("_IN_PROGRESS"):
        return "wait until CloudFormation has finished"
    option = ' ARGS="--even-protected"' if account.deployment.stage.protected else ""
    return f"make destroy STAGE={account.deployment.name}{option}, which keeps protected data"


def _names(account: StageAccount) -> Iterator[Finding]:
    """Names that are unique in an account, taken by something that is not ours."""
    name, region = account.deployment.name, account.region
    lookups: dict[str, tuple[str, Callable[[], Any]]] = {
        f"database topk_{name}": (
            "EntityNotFoundException",
            lambda: account.client("glue", region).get_database(Name=f"topk_{name}"),
        ),
    }
    for bus in account.deployment.event_buses.values():
        asked = partial(_event_bus, account, bus)
        lookups[f"event bus {bus}"] = ("ResourceNotFoundException", asked)
    try:
        deployed = any(account.status(stack) for stack in account.stacks)
    except (BotoCoreError, ClientError):
        return
    for what, (absent, look_up) in lookups.items() if not deployed else ():
        try:
            look_up()
        except ClientError as error:
            if absent in str(error):
                yield Finding(what, "free")
            else:
                yield Finding(what, str(error), "allow reading it")
        except BotoCoreError as error:
            yield Finding(what, str(error), "try again")
        else:
            yield Finding(what, "exists and belongs to no stack of this stage", "delete it")


def _event_bus(account: StageAccount, name: str) -> Any:
    return account.client("events", account.region).describe_event_bus(Name=name)


def _domain(account: StageAccount) -> Iterator[Finding]:
    domain = account.deployment.stage.domain
    if domain is None:
        yield Finding("domain", "none: AWS generates the addresses, and APIs bypass the firewall")
        return
    check = f"domain {domain.name}"
    zone = domain.hosted_zone_id
    try:
        told = account.client("route53", account.region).get_hosted_zone(Id=zone)
    except (BotoCoreError, ClientError) as error:
        missing = "NoSuchHostedZone" in str(error)
        todo = f"set domain.hosted_zone_id to the zone of {domain.name}"
        yield Finding(check, f"no zone {zone}" if missing else str(error), todo)
        return
    name = str(told["HostedZone"]["Name"]).rstrip(".")
    below = f".{domain.name}".endswith(f".{name}")
    yield Finding(check, f"in the zone {name}", "" if below else f"use the zone of {domain.name}")


def _mail(account: StageAccount) -> Iterator[Finding]:
    mail = account.deployment.stage.alarm_mail or ""
    todo = f"set stages.{account.deployment.name}.alarm_mail in cdk.json"
    if not mail:
        yield Finding("alarm mail", "missing: alarms would reach nobody", todo)
    else:
        yield Finding("alarm mail", mail, todo if mail.endswith(EXAMPLE) else "")


def _issuers(account: StageAccount, fetch: Fetch, clock: Callable[[], float]) -> Iterator[Finding]:
    for name, tenant in account.deployment.stage.tenants.items():
        began = clock()
        address = f"{tenant.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            keys = fetch(str(json.loads(fetch(address))["jwks_uri"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            todo = f"serve {address} to the internet; functions read it"
            yield Finding(f"issuer of {name}", f"{tenant.issuer}: {error!r}", todo)
            continue
        seconds, size = clock() - began, len(keys)
        todo = ""
        if seconds > DISCOVERY_SECONDS:
            todo = f"answer faster: a request waits at most {DISCOVERY_SECONDS:g} s"
        if size > KEY_SET_BYTES:
            todo = f"serve fewer keys: functions read {KEY_SET_BYTES:,} bytes"
        yield Finding(f"issuer of {name}", f"{size:,} bytes of keys in {seconds:.1f} s", todo)


def _sizes(account: StageAccount, templates: Mapping[str, Template]) -> Iterator[Finding]:
    most = largest(measured(templates, account.stacks))
    exceeded = [one for one in most.values() if one.exceeded]
    for one in exceeded:
        todo = "see docs/quotas.md; this quota cannot be raised"
        yield Finding(one.quota.what, f"{_used(one)}: {one.subject}", todo)
    if not exceeded:
        environment = most.get("environment")
        shown = f"; largest environment {_used(environment)}" if environment else ""
        yield Finding("sizes of templates", f"within every fixed quota{shown}")


def _quotas(account: StageAccount, templates: Mapping[str, Template]) -> Iterator[Finding]:
    wanted = [
        *needs(account.deployment, templates, admitted(account.deployment)),
        *measured(templates, account.stacks),
    ]
    for one in largest(wanted).values():
        quota = one.quota
        if not (quota.adjustable and quota.code):
            continue
        region = EDGE_REGION if quota.service == "cloudfront" else account.region
        try:
            granted = _granted(account, one, region)
        except (BotoCoreError, ClientError) as error:
            yield Finding(quota.what, str(error), "allow servicequotas:GetServiceQuota")
            continue
        short = granted < one.used
        todo = f"request {one.used:,.0f} or more in Service Quotas ({quota.code})" if short else ""
        yield Finding(quota.what, f"{granted:,.0f}, needed {one.used:,.0f}", todo)


def _granted(account: StageAccount, one: Measurement, region: str) -> float:
    """The account's quota. Of concurrency, what no function has reserved; a new account has less
    than the default.
    """
    if one.key == "concurrency":
        told = account.client("lambda", region).get_account_settings()
        return float(told["AccountLimit"]["UnreservedConcurrentExecutions"])
    quotas = account.client("service-quotas", region)
    told = quotas.get_service_quota(ServiceCode=one.quota.service, QuotaCode=one.quota.code)
    return float(told["Quota"]["Value"])


def _used(one: Measurement) -> str:
    return f"{one.used:,.0f} of {one.quota.value:,.0f} {one.quota.unit}"


def fetched(url: str) -> bytes:
    """Raises OSError if `url` cannot be read, and ValueError if it is not an address."""
    if not url.startswith("https://"):
        raise ValueError(url)
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 # nosec B310 - https alone
        return bytes(answer.read(KEY_SET_BYTES + 1))
