"""Configuration of a deployment, from cdk.json and the command line.

cdk.json declares `stages` (each with its tenants) and `providers`. The command line selects `-c
target=local` with `-c world=URL` (the simulated world) and `-c emulator=URL` (the AWS emulator), or
by default AWS with all stages or one (`-c stage=NAME`), on arm64 or `-c architecture=x86_64`. The
local target's `origins`, additional origins of pages, apply to every tenant.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from infra_cdk.functions.architecture import ARCHITECTURES, ARM
from infra_cdk.tenant import ORIGIN, Budget, Positive, Tenant, faults

LOCAL = "local"
API_LABEL = "api"
"""First label of the API's domain, beside those of tenants."""
EDGE_REGION = "us-east-1"
"""The region of CloudFront's web ACLs and certificates."""
STAGE_TAG = "topk-stage"
PUSH_SECRET = "push_secret"  # noqa: S105 - the name of a credential
NAME = re.compile(r"[a-z][a-z0-9_]*")
BASE_URL = re.compile(r"https?://[^/\s]+")

# The bounds of a queue's MaximumConcurrency:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
Concurrency = Annotated[int, Meta(ge=2, le=1000)]
# Whole hours apart: the service relies on it to find all possible rows of a connection.
CrawlsPerDay = Literal[1, 2, 3, 4, 6, 8, 12, 24]
LogRetention = Literal[1, 3, 7, 14, 30, 90, 180, 365]
Names = Annotated[tuple[str, ...], Meta(min_length=1)]


class ConfigurationError(Exception):
    """The configuration is invalid. The message is one line."""


class Cadence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Upper and lower bound of an account's crawl frequency."""

    most_per_day: CrawlsPerDay = 24
    least_every_days: Annotated[int, Meta(ge=1, le=7)] = 7
    """For accounts without plays. The window of a list is a week."""


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A music provider: its base URLs, the fields of its credentials and how fast it is crawled."""

    endpoints: dict[str, str]
    credentials: Names
    max_concurrency: Concurrency
    per_day: CrawlsPerDay = 1
    """Initial crawls a day of a new connection."""
    cadence: Cadence = Cadence()
    budget: Budget = Budget()
    options: dict[str, Any] = {}
    """Options of the provider's adapter."""


class AdoptedTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table that another process created, such as a restore. `stream` is the label of its stream,
    the last part of the stream's ARN.
    """

    name: str
    stream: str = ""


class Scaled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of capacity units a second, between which auto scaling follows the load."""

    least: Positive
    most: Positive


class Capacity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Provisioned capacity of a table, and of each of its indexes."""

    read: Scaled
    write: Scaled


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The domain below which every tenant of a stage has its addresses."""

    name: Annotated[str, Meta(pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$")]
    hosted_zone_id: Annotated[str, Meta(pattern=r"^Z[A-Z0-9]+$")]
    """The Route 53 zone of the domain, or of a domain above it."""
    origin_secret: Positive = 1
    """Number of the secret that the edge sends to the APIs. A higher number replaces it."""


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One environment of the service."""

    shards: Positive
    slot_minutes: Annotated[int, Meta(ge=1, le=60)]
    retention_days: Annotated[int, Meta(ge=8)]
    """How long a play is kept. The window needs 7 complete days and the current day."""
    max_attempts: Positive
    """Attempts of a crawl before it is dead-lettered with its reason."""
    log_retention_days: LogRetention
    requests_per_second: Positive
    """Limit of a tenant that declares none. The firewall applies it to each host name."""
    protected: bool
    """Whether data outlives the stack: retained, protected from deletion, with point-in-time
    recovery.
    """
    tenants: dict[str, Tenant]
    api_requests_per_second: Positive = 10_000
    """Limit of the API for all tenants together. An account has 10,000 by default."""
    servers: tuple[str, ...] = ()
    """Address ranges of host apps' servers, which may use a tenant's whole limit."""
    max_concurrency: Concurrency | None = None
    """Upper bound for every provider's own limit."""
    budget: Budget | None = None
    """Overrides every provider's own."""
    cadence: Cadence | None = None
    """Overrides every provider's own bounds."""
    options: dict[str, dict[str, Any]] = {}
    """By provider: overrides of the provider's `options` in this stage."""
    view_crawl_hours: Positive = 20
    """A view of a list of an earlier day requests a crawl if the last one is at least this old."""
    erasure_sweep_seconds: Positive = 5400
    """From the first pass of an erasure to the sweep: longer than any function runs and any message
    about the user waits, retries included.
    """
    archive_window_seconds: Annotated[int, Meta(ge=0, le=300)] = 300
    """Plays of this period form one archive file. Lambda allows at most five minutes."""
    reserved_concurrency: dict[Literal["card"], Annotated[int, Meta(ge=1)]] = {}
    """By function: how many of it run at a time. They are kept for it, so that it neither takes nor
    loses capacity of the account. An account has 1,000 by default, of which 100 stay unreserved.
    """
    domain: Domain | None = None
    """Without one, addresses are those that AWS generates, and APIs can be called past the edge."""
    alarm_mail: str | None = None
    """Address that receives alarms and budget warnings, and has to confirm the subscription."""
    monthly_budget_usd: Positive | None = None
    """Dollars a month of the stage's resources, above which `alarm_mail` is warned."""
    region: str | None = None
    """The service's region, which the edge in us-east-1 refers to by name. None on the local
    target, which has no edge.
    """
    flags: dict[str, bool] = {}
    """Flags that are initially on. All others are off."""
    provisioned: dict[str, Capacity] = {}
    """By table: capacity that is paid by the hour, a quarter of the price of the same units on
    demand. All other tables are on demand.
    """
    adopted_tables: dict[str, AdoptedTable] = {}
    """By table: the restored table that is used instead; see docs/runbooks/recovery.md."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One stage on its target, with all derived settings."""

    name: str
    stage: Stage
    providers: Mapping[str, Provider]
    public_url: str
    """Template of the API's public base URL. The service fills in its `{domain}`, or the tenant's
    `{host}` at the edge.
    """
    architecture: str = ARM
    """Lambda architecture. The local target uses the machine's."""
    emulator: str = ""
    """Base URL of the emulator on the local target."""

    @property
    def local(self) -> bool:
        return self.name == LOCAL

    @property
    def tags(self) -> dict[str, str] | None:
        """Tags of every resource on AWS, by which costs are allocated to stages."""
        return None if self.local else {STAGE_TAG: self.name}

    @property
    def pushing(self) -> Mapping[str, Provider]:
        """The providers that push plays: those with a push secret."""
        return {
            name: provider
            for name, provider in self.providers.items()
            if PUSH_SECRET in provider.credentials
        }

    @property
    def event_buses(self) -> Mapping[str, str]:
        """Event bus names, by tenant with events."""
        tenants = self.stage.tenants.items()
        return {name: f"topk-{self.name}-{name}" for name, tenant in tenants if tenant.events}

    @property
    def origin_secrets(self) -> tuple[str, ...]:
        """Names of the secrets that APIs accept from the edge: the one that it sends and the one
        before, so that a replacement interrupts nothing. None without a domain.
        """
        if self.stage.domain is None:
            return ()
        latest = self.stage.domain.origin_secret
        numbers = (latest, latest - 1) if latest > 1 else (latest,)
        return tuple(f"topk/{self.name}/origin/{number}" for number in numbers)

    @property
    def site_domain(self) -> str:
        """Where CloudFront serves the tenants; empty without a domain."""
        return f"*.{self.stage.domain.name}" if self.stage.domain else ""

    @property
    def api_domain(self) -> str:
        """Where CloudFront reaches the API; empty without a domain."""
        return f"{API_LABEL}.{self.stage.domain.name}" if self.stage.domain else ""

    @property
    def reserved_concurrency(self) -> Mapping[str, int]:
        """How many of a function run at a time, by its name."""
        return {str(name): most for name, most in self.stage.reserved_concurrency.items()}

    def max_concurrency(self, provider: str) -> int:
        own = self.providers[provider].max_concurrency
        return min(own, self.stage.max_concurrency or own)

    def cadence(self, provider: str) -> Cadence:
        return self.stage.cadence or self.providers[provider].cadence

    def budget(self, provider: str) -> Budget:
        return self.stage.budget or self.providers[provider].budget

    def options(self, provider: str) -> dict[str, Any]:
        return self.providers[provider].options | self.stage.options.get(provider, {})


def deployments(context: Mapping[str, Any]) -> tuple[Deployment, ...]:
    """The deployments selected by `context` (cdk.json and `-c`). Raises ConfigurationError if it is
    invalid.
    """
    match context.get("target", "aws"):
        case "local":
            return (_local(context),)
        case "aws":
            return _aws(context)
        case other:
            raise ConfigurationError(f"-c target={other}: say -c target=local or =aws")


def _aws(context: Mapping[str, Any]) -> tuple[Deployment, ...]:
    declared = [name for name in context["stages"] if name != LOCAL]
    chosen = context.get("stage")
    if chosen is not None and chosen not in declared:
        raise ConfigurationError(f"-c stage={chosen}: cdk.json declares {', '.join(declared)}")
    architecture = context.get("architecture", ARM)
    if architecture not in ARCHITECTURES:
        raise ConfigurationError(
            f"-c architecture={architecture}: say {' or '.join(ARCHITECTURES)}"
        )
    providers = _providers(context["providers"])
    return tuple(
        _on_aws(name, _stage(name, context["stages"][name], providers), providers, architecture)
        for name in declared
        if chosen in {None, name}
    )


def _on_aws(
    name: str, stage: Stage, providers: Mapping[str, Provider], architecture: str
) -> Deployment:
    # Browsers return to the edge: with a domain, the API accepts nobody else.
    public_url = f"https://{{host}}.{stage.domain.name}" if stage.domain else "https://{domain}"
    return Deployment(name, stage, providers, public_url, architecture)


def _local(context: Mapping[str, Any]) -> Deployment:
    world, emulator = (_base_url(context, key) for key in ("world", "emulator"))
    simulated = {
        name: msgspec.structs.replace(
            provider, endpoints={key: f"{world}/{name}/{key}" for key in provider.endpoints}
        )
        for name, provider in _providers(context["providers"]).items()
    }
    declared = msgspec.json.encode(context["stages"][LOCAL]).decode()
    stage = _stage(LOCAL, msgspec.json.decode(declared.replace("{world}", world)), simulated)
    origins = tuple(context.get("origins", ()))
    _refuse_wrong(origins)
    tenants = {name: _with_origins(tenant, origins) for name, tenant in stage.tenants.items()}
    stage = msgspec.structs.replace(stage, tenants=tenants)
    public_url = f"{emulator}/_aws/execute-api/{{host}}/$default"
    return Deployment(LOCAL, stage, simulated, public_url, emulator=emulator)


def _refuse_wrong(origins: tuple[str, ...]) -> None:
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ConfigurationError(f"origins: {origin}: want one such as http://127.0.0.1:3000")


def _with_origins(tenant: Tenant, origins: tuple[str, ...]) -> Tenant:
    """`tenant` with additional page `origins`, whose root is a return address."""
    return msgspec.structs.replace(
        tenant,
        web_origins=(*tenant.web_origins, *origins),
        return_urls=(*tenant.return_urls, *(f"{origin}/" for origin in origins)),
    )


def _base_url(context: Mapping[str, Any], key: str) -> str:
    url = str(context.get(key, "")).rstrip("/")
    if not BASE_URL.fullmatch(url):
        raise ConfigurationError(f"-c {key}={url}: want a base URL such as http://127.0.0.1:8700")
    return url


def _stage(name: str, declared: Mapping[str, Any], providers: Mapping[str, Provider]) -> Stage:
    where = f"stages.{name}.tenants"
    tenants = _each(where, declared.get("tenants", {}), Tenant)
    for fault in faults(tenants, providers, local=name == LOCAL):
        raise ConfigurationError(f"cdk.json: {where}.{fault}")
    stage = _typed(f"stages.{name}", {**declared, "tenants": {}}, Stage)
    if API_LABEL in tenants:
        raise ConfigurationError(f"cdk.json: {where}.{API_LABEL}: has the address of the API")
    for fault in _of_servers(stage):
        raise ConfigurationError(f"cdk.json: stages.{name}.{fault}")
    return msgspec.structs.replace(stage, tenants=tenants)


def _of_servers(stage: Stage) -> Iterator[str]:
    for named in stage.servers:
        try:
            ip_network(named)
        except ValueError:
            yield f"servers: {named}: want an address range such as 203.0.113.0/24"


def _providers(declared: Mapping[str, Any]) -> dict[str, Provider]:
    return _each("providers", declared, Provider)


T = TypeVar("T")


def _each(where: str, declared: Mapping[str, Any], kind: type[T]) -> dict[str, T]:
    for name in declared:
        if not NAME.fullmatch(name):
            raise ConfigurationError(f"cdk.json: {where}.{name}: a name is like apple_music")
    return {name: _typed(f"{where}.{name}", raw, kind) for name, raw in declared.items()}


def _typed(where: str, raw: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"cdk.json: {where}: {error}") from error
