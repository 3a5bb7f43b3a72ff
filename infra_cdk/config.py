"""What is deployed where, as declared in cdk.json and picked on the command line.

cdk.json declares `stages` (each with its tenants) and `providers`. The command line picks:
`-c target=local` with `-c world=URL` (the simulated world) and `-c emulator=URL` (the AWS
emulator), or `-c target=aws`, all stages or one of them by `-c stage=NAME`, for arm64 or as
`-c architecture=x86_64` says. The local target's `origins`, a list of further origins of pages, are
every tenant's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from infra_cdk.functions.architecture import ARCHITECTURES, ARM
from infra_cdk.tenant import ORIGIN, Budget, Positive, Tenant, faults

LOCAL = "local"
PUSH_SECRET = "push_secret"  # noqa: S105 - the name of a credential
NAME = re.compile(r"[a-z][a-z0-9_]*")
BASE_URL = re.compile(r"https?://[^/\s]+")

# The bounds of a queue's MaximumConcurrency:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
Concurrency = Annotated[int, Meta(ge=2, le=1000)]
# Whole hours apart, which a service relies on that finds all rows a connection can have.
CrawlsPerDay = Literal[1, 2, 3, 4, 6, 8, 12, 24]
LogRetention = Literal[1, 3, 7, 14, 30, 90, 180, 365]
Names = Annotated[tuple[str, ...], Meta(min_length=1)]


class ConfigurationError(Exception):
    """The declaration or the choice on the command line is wrong. The message is one line."""


class Cadence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often an account is crawled at most and at least, as its listener needs it."""

    most_per_day: CrawlsPerDay = 24
    least_every_days: Annotated[int, Meta(ge=1, le=7)] = 4
    """Where nothing is played. The window of a list is a week."""


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A music provider: its base URLs, the fields of its credentials and how fast it is crawled."""

    endpoints: dict[str, str]
    credentials: Names
    max_concurrency: Concurrency
    per_day: CrawlsPerDay = 1
    """Of an account that was just connected."""
    cadence: Cadence = Cadence()
    budget: Budget = Budget()
    options: dict[str, Any] = {}
    """For the provider's adapter, as it names them."""


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One environment of the service."""

    shards: Positive
    slot_minutes: Annotated[int, Meta(ge=1, le=60)]
    retention_days: Annotated[int, Meta(ge=8)]
    """How long a play is kept. The window is 7 complete days and the day that runs."""
    max_attempts: Positive
    """Of one crawl, before it goes to the dead letters with its reason."""
    log_retention_days: LogRetention
    requests_per_second: Positive
    """Per tenant's API, where the tenant has no limits of its own."""
    protected: bool
    """Whether data outlives the stack: retained, not deletable, restorable to any second."""
    tenants: dict[str, Tenant]
    max_concurrency: Concurrency | None = None
    """Holds every provider's own limit down to this."""
    budget: Budget | None = None
    """In place of every provider's own."""
    cadence: Cadence | None = None
    """In place of every provider's own bounds."""
    options: dict[str, dict[str, Any]] = {}
    """By provider: what differs in this stage from the provider's own `options`."""
    view_crawl_hours: Positive = 20
    """A look at a list of an earlier day asks for a crawl where the last was so long ago."""
    erasure_sweep_seconds: Positive = 5400
    """From the first pass of an erasure to the one that takes what was written meanwhile: longer
    than a function runs, and than a message about the user waits, an hour's retry included."""
    archive_window_seconds: Annotated[int, Meta(ge=0, le=300)] = 300
    """Plays of so long make a file of the archive. Lambda waits five minutes at most."""
    alarm_mail: str | None = None
    region: str | None = None
    """Where the service runs; the edge, of which CloudFront finds its firewall in us-east-1 alone,
    refers to it by name. None on the local target, which has no edge."""
    flags: dict[str, bool] = {}
    """What is switched on from the start. Every other flag is off."""
    replica_regions: tuple[str, ...] = ()
    """Where its data is kept too. docs/multi-region.md tells what that promises."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One stage on its target, with everything that follows from the two."""

    name: str
    stage: Stage
    providers: Mapping[str, Provider]
    public_url: str
    """Template of an API's public base URL; `{domain}` and `{api_id}` are for the service."""
    architecture: str = ARM
    """Of Lambda's processors. The local target's are those of the machine."""

    @property
    def local(self) -> bool:
        return self.name == LOCAL

    @property
    def pushing(self) -> Mapping[str, Provider]:
        """The providers that deliver plays by themselves: those with a secret to sign with."""
        return {
            name: provider
            for name, provider in self.providers.items()
            if PUSH_SECRET in provider.credentials
        }

    @property
    def event_buses(self) -> Mapping[str, str]:
        """By tenant, of those that are told what changes: the names of their buses."""
        tenants = self.stage.tenants.items()
        return {name: f"topk-{self.name}-{name}" for name, tenant in tenants if tenant.events}

    def throttle(self, tenant: str) -> tuple[int, int]:
        """Requests per second to the tenant's API, and at once."""
        limits = self.stage.tenants[tenant].limits
        rate = limits.requests_per_second or self.stage.requests_per_second
        return rate, limits.burst or rate

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
    """What `context` (cdk.json and `-c`) asks for. Raises ConfigurationError where it errs."""
    match context.get("target"):
        case "local":
            return (_local(context),)
        case "aws":
            return _aws(context)
        case other:
            raise ConfigurationError(f"-c target={other or ''}: say -c target=local or =aws")


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
        Deployment(
            name,
            _stage(name, context["stages"][name], providers),
            providers,
            "https://{domain}",
            architecture,
        )
        for name in declared
        if chosen in {None, name}
    )


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
    return Deployment(LOCAL, stage, simulated, f"{emulator}/_aws/execute-api/{{api_id}}/$default")


def _refuse_wrong(origins: tuple[str, ...]) -> None:
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ConfigurationError(f"origins: {origin}: want one such as http://127.0.0.1:3000")


def _with_origins(tenant: Tenant, origins: tuple[str, ...]) -> Tenant:
    """`tenant`, whose pages may also be at `origins`; accounts are connected from their root."""
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
    if stage.replica_regions and (name == LOCAL or stage.region in {None, *stage.replica_regions}):
        raise ConfigurationError(
            f"cdk.json: stages.{name}.replica_regions: needs a `region` that is not among them"
        )
    return msgspec.structs.replace(stage, tenants=tenants)


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
