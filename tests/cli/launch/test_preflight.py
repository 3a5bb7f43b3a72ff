"""Preflight: each fault that would make a deployment fail, and what it says."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from cli.failure import CommandFailedError
from cli.launch.preflight import Finding, preflight
from cli.launch.stage_account import StageAccount, identity, stage_account
from infra_cdk.config import EDGE_REGION, Deployment, Domain
from tests.cli.launch.aws_account import REGION, Account, Stack

NUMBER = "123456789012"
DOMAIN = Domain("music.acme.io", "Z1")
KEYS = b'{"keys": []}'
BIG = b"x" * 150_001
MAPPING = {"Type": "AWS::Lambda::EventSourceMapping"}


def _templates(environment: int = 10) -> Mapping[str, Any]:
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Environment": {"Variables": {"A": "x" * environment}}},
    }
    queue = {
        "EventSourceArn": "arn:aws:sqs:eu-central-1:1:queue",
        "FunctionName": "crawl",
        "BatchSize": 1,
        "ScalingConfig": {"MaximumConcurrency": 50},
    }
    resources = {"Crawl": function, "Mapping": MAPPING | {"Properties": queue}}
    return {"TopK-Staging-Stateless": {"Resources": resources}}


def _stage(aws: Account, **changed: Any) -> StageAccount:
    deployment = stage_account("staging").deployment
    settings = {"alarm_mail": "alarms@acme.io", **changed}
    stage = msgspec.structs.replace(deployment.stage, **settings)
    return StageAccount(
        Deployment(deployment.name, stage, deployment.providers, deployment.public_url), aws.client
    )


def _fetch(url: str) -> bytes:
    if url.endswith("/.well-known/openid-configuration"):
        return json.dumps({"jwks_uri": "https://id.example/keys"}).encode()
    return KEYS


def _unreachable(url: str) -> bytes:
    raise OSError("no such host")


def _findings(
    stage: StageAccount,
    *,
    fetch: Callable[[str], bytes] = _fetch,
    templates: Mapping[str, Any] | None = None,
    seconds: float = 0.1,
) -> list[Finding]:
    times = iter([0.0, seconds] * 10)
    return list(
        preflight(
            stage,
            NUMBER,
            templates=lambda: templates or _templates(),
            fetch=fetch,
            clock=lambda: next(times),
        )
    )


def _open(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.check, one.todo) for one in found if one.todo]


def found_without_faults() -> list[Finding]:
    return _findings(_stage(Account()))


def test_without_faults_every_check_passes_and_shows_what_it_found() -> None:
    found = found_without_faults()
    assert _open(found) == []
    assert [one.check for one in found] == [
        "credentials",
        f"bootstrap in {REGION}",
        f"bootstrap in {EDGE_REGION}",
        "stack TopK-Staging-Edge",
        "stack TopK-Staging-Objectives",
        "stack TopK-Staging-Stateless",
        "stack TopK-Staging-Stateful",
        "database topk_staging",
        "event bus topk-staging-harbor",
        "domain",
        "alarm mail",
        "issuer of harbor",
        "providers' terms",
        "sizes of templates",
        "requests a second of all APIs in a region",
        "concurrent executions of all functions",
        "write units a second of a table on demand",
        "read units a second of a table on demand",
        "distributions of an account",
    ]


def _failed(status: str) -> dict[str, dict[str, Stack]]:
    return {REGION: {"TopK-Staging-Stateless": Stack(status)}}


FAULTS: Mapping[str, tuple[Account, dict[str, Any], dict[str, Any], str, str]] = {
    "not bootstrapped": (
        Account(bootstrapped={EDGE_REGION: 25}), {}, {},
        f"bootstrap in {REGION}", f"topk cdk bootstrap aws://ACCOUNT/{REGION}",
    ),
    "edge region not bootstrapped": (
        Account(bootstrapped={REGION: 25}), {}, {},
        f"bootstrap in {EDGE_REGION}", f"topk cdk bootstrap aws://ACCOUNT/{EDGE_REGION}",
    ),
    "old bootstrap": (
        Account(bootstrapped={REGION: 5, EDGE_REGION: 25}), {}, {},
        f"bootstrap in {REGION}", f"topk cdk bootstrap aws://ACCOUNT/{REGION}",
    ),
    "failed first deployment": (
        Account(stacks=_failed("ROLLBACK_COMPLETE")), {}, {},
        "stack TopK-Staging-Stateless",
        'make destroy STAGE=staging ARGS="--even-protected", which keeps protected data',
    ),
    "deployment under way": (
        Account(stacks=_failed("UPDATE_IN_PROGRESS")), {}, {},
        "stack TopK-Staging-Stateless", "wait until CloudFormation has finished",
    ),
    "name of the database taken": (
        Account(databases={"topk_staging"}), {}, {}, "database topk_staging", "delete it",
    ),
    "name of the bus taken": (
        Account(buses={"topk-staging-harbor"}), {}, {},
        "event bus topk-staging-harbor", "delete it",
    ),
    "unknown zone": (
        Account(), {"domain": DOMAIN}, {},
        "domain music.acme.io", "set domain.hosted_zone_id to the zone of music.acme.io",
    ),
    "zone of another domain": (
        Account(zones={"Z1": "sic.acme.io"}), {"domain": DOMAIN}, {},
        "domain music.acme.io", "use the zone of music.acme.io",
    ),
    "no alarm mail": (
        Account(), {"alarm_mail": None}, {},
        "alarm mail", "set stages.staging.alarm_mail in cdk.json",
    ),
    "alarm mail of the example": (
        Account(), {"alarm_mail": "operations@topk.example"}, {},
        "alarm mail", "set stages.staging.alarm_mail in cdk.json",
    ),
    "issuer unreachable": (
        Account(), {}, {"fetch": _unreachable}, "issuer of harbor",
        "serve https://id.staging.harbor.example/.well-known/openid-configuration to the internet; "
        "functions read it",
    ),
    "issuer slow": (
        Account(), {}, {"seconds": 2.1},
        "issuer of harbor", "answer faster: a request waits at most 2 s",
    ),
    "issuer with many keys": (
        Account(), {}, {"fetch": lambda url: BIG if url.endswith("/keys") else _fetch(url)},
        "issuer of harbor", "serve fewer keys: functions read 150,000 bytes",
    ),
    "environment too large": (
        Account(), {}, {"templates": _templates(environment=3_400)},
        "environment variables of a function, as JSON",
        "see docs/quotas.md; this quota cannot be raised",
    ),
    "new account": (
        Account(concurrency=10), {}, {}, "concurrent executions of all functions",
        "request 71 or more in Service Quotas (L-B99A9384)",
    ),
    "small account": (
        Account(requests=100), {}, {}, "requests a second of all APIs in a region",
        "request 200 or more in Service Quotas (L-8A5B8E43)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_the_only_thing_to_do_and_says_what(name: str) -> None:
    aws, settings, options, check, todo = FAULTS[name]
    assert _open(_findings(_stage(aws, **settings), **options)) == [(check, todo)]


@pytest.mark.parametrize("zone", ["acme.io", "music.acme.io"])
def test_a_zone_of_the_domain_or_above_it_will_do(zone: str) -> None:
    assert _open(_findings(_stage(Account(zones={"Z1": zone}), domain=DOMAIN))) == []


def test_names_of_a_deployed_stage_are_its_own() -> None:
    aws = Account(databases={"topk_staging"}, buses={"topk-staging-harbor"})
    aws.stacks = {REGION: {"TopK-Staging-Stateless": Stack("UPDATE_COMPLETE")}}
    assert _open(_findings(_stage(aws))) == []


def test_without_credentials_nothing_else_is_asked() -> None:
    with pytest.raises(CommandFailedError, match=r"no valid AWS credentials: .*ExpiredToken"):
        identity(_stage(Account(signed_in=False)))


def test_undecided_terms_are_shown_and_stop_nothing() -> None:
    found = {one.check: one for one in _findings(_stage(Account()))}["providers' terms"]
    assert "set mixing.spotify to accepted or off" in found.result
    assert found.todo == ""
