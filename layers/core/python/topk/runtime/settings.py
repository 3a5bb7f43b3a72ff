"""The environment of a function, read once on first use."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from topk.clock import wall_clock
from topk.domain.crawl.budget import Budget
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.timetable import Cadence, Grid
from topk.domain.play_rule import STANDARD, PlayRule
from topk.runtime.tenant_directory import TenantDirectory
from topk.runtime.tenants import Tenant, TenantsFile, TenantsTable, read_declared
from topk.runtime.tokens.access_tokens import AccessTokens
from topk.runtime.tokens.issuer_keys import IssuerKeys
from topk.stores.tables.tenant_rates import TenantRates
from topk.usecases.accounts.tenant_limit import TenantLimit

STREAM = "stream"
"""Names the dead letters of the stream of plays, beside those of the providers."""
_TABLE = "_TABLE"
_OWN = "#tenant:"
SHARED = (
    "AWS_REGION",
    "TIMETABLE",
    "RETENTION_DAYS",
    "VIEW_CRAWL_HOURS",
    "MAX_ATTEMPTS",
)
"""The environment variables that every function needs."""
OPTIONAL = (
    "TENANTS_FILE",
    "PROVIDERS_FILE",
    "QUEUES_AT",
    "SECRETS_AT",
    "ORIGIN_SECRETS",
    "REQUESTS_PER_SECOND",
)
"""The environment variables that complete others where a deployment has them."""


class MissingSettingsError(Exception):
    """Environment variables that the function needs and does not have."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"missing environment variables: {', '.join(self.names)}")


def tables(*kinds: str) -> tuple[str, ...]:
    """The environment variables with the names of these tables."""
    return tuple(f"{kind.upper()}{_TABLE}" for kind in kinds)


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Settings of one provider: ARN of the credentials, base URLs, adapter options.

    `cadence` has the fields of its Bounds, `budget` those of a Budget.
    """

    secret: str
    endpoints: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    per_day: int = 1
    cadence: Mapping[str, int] = field(default_factory=dict)
    budget: Mapping[str, float] = field(default_factory=dict)

    @property
    def first_cadence(self) -> Cadence:
        return Cadence(per_day=self.per_day)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a deployment, of which a function has what its wiring declares.

    What it does not declare, such as tables and queues that it may not use, is empty.
    """

    region: str
    tables: Mapping[str, str]
    token_key: str
    queues: Mapping[str, str]
    dead_letters: Mapping[str, str]
    providers: Mapping[str, ProviderSettings]
    tenants: TenantDirectory
    access_tokens: AccessTokens
    limit: TenantLimit
    public_url: str
    grid: Grid
    retention_days: int
    max_attempts: int
    view_crawl_hours: int
    erasure_queue: str
    """The URL of the queue of erasures."""
    purge_queue: str
    """The URL of the archive's purge queue."""
    import_queue: str
    """The URL of the queue of imports."""
    import_bucket: str
    """The name of the bucket of uploaded histories."""
    archive_bucket: str
    """The name of the bucket of the archive of plays."""
    export_bucket: str
    """The name of the bucket of exports."""
    app_secrets: str
    """What names of the secrets of tenants' own apps begin with; `<provider>/<tenant>` follows."""
    scrobbler_secret: str
    """The ARN of the secret that tenants' keys for the Last.fm protocol are derived from."""
    origin_secrets: tuple[str, ...]
    """Values of the edge's secret header, of which a request must have one; none: any caller."""
    requests_per_second: int
    """Limit of a tenant that declares none; 0 for none."""
    sweep_seconds: int
    """From the first pass of an erasure to its sweep."""

    @classmethod
    def of(cls, needs: Iterable[str], environment: Mapping[str, str] = os.environ) -> Self:
        """The settings in `environment`, which must have the variables `needs` and SHARED.

        Raises MissingSettingsError that names all missing or empty ones, and ValueError or OSError
        for an invalid value.
        """
        missing = [name for name in (*SHARED, *needs) if not environment.get(name)]
        if missing:
            raise MissingSettingsError(missing)
        tenants = _tenants(environment)
        return cls(
            region=environment["AWS_REGION"],
            tables={
                name.removesuffix(_TABLE).lower(): table
                for name, table in environment.items()
                if name.endswith(_TABLE)
            },
            token_key=environment.get("TOKEN_KEY_ID", ""),
            queues=_queue_urls(environment, "QUEUE_URLS"),
            dead_letters=_queue_urls(environment, "DEAD_LETTER_URLS"),
            providers=_providers(environment),
            tenants=tenants,
            access_tokens=AccessTokens(tenants.of_issuer, IssuerKeys()),
            limit=TenantLimit(TenantRates(), wall_clock, _below),
            public_url=environment.get("PUBLIC_URL", ""),
            grid=Grid(**_object(environment, "TIMETABLE")),
            retention_days=int(environment["RETENTION_DAYS"]),
            max_attempts=int(environment["MAX_ATTEMPTS"]),
            view_crawl_hours=int(environment["VIEW_CRAWL_HOURS"]),
            erasure_queue=_queue_url(environment, "ERASURE_QUEUE_URL"),
            purge_queue=environment.get("PURGE_QUEUE_URL", ""),
            import_queue=_queue_url(environment, "IMPORT_QUEUE_URL"),
            import_bucket=environment.get("IMPORT_BUCKET", ""),
            archive_bucket=environment.get("ARCHIVE_BUCKET", ""),
            export_bucket=environment.get("EXPORT_BUCKET", ""),
            app_secrets=environment.get("APP_SECRETS", ""),
            scrobbler_secret=environment.get("SCROBBLER_SECRET", ""),
            origin_secrets=tuple(filter(None, environment.get("ORIGIN_SECRETS", "").split(","))),
            requests_per_second=int(environment.get("REQUESTS_PER_SECOND", "0")),
            sweep_seconds=int(environment.get("ERASURE_SWEEP_SECONDS", "0")),
        )

    def app_of(self, tenant: str, provider: str) -> str:
        """The app for crawls of the tenant's users at `provider`: the tenant's own or the shared
        one.
        """
        own = self.tenant(tenant)
        return f"{provider}{_OWN}{tenant}" if own and provider in own.apps else provider

    def budget_of(self, app: str) -> Budget:
        """The request budget of `app`, as named by `app_of`."""
        provider, _, tenant = app.partition(_OWN)
        own = self.tenant(tenant)
        return Budget(**(own and own.apps[provider]) or self.providers[provider].budget)

    def bounds_of(self, provider: str) -> Bounds:
        """Bounds of the cadence of connections to `provider`."""
        return Bounds(**self.providers[provider].cadence)

    def play_rule_of(self, tenant: str) -> PlayRule:
        """What counts as a play of the tenant's users."""
        found = self.tenant(tenant)
        return found.play_rule if found else STANDARD

    def tenant(self, name: str) -> Tenant | None:
        return self.tenants.named(name)


def _below(number: int) -> int:
    """A random number, which differs between processes of one snapshot."""
    return int.from_bytes(os.urandom(4), "big") % number


def _tenants(environment: Mapping[str, str]) -> TenantDirectory:
    """A file takes precedence over the table."""
    file = environment.get("TENANTS_FILE")
    return TenantDirectory(TenantsFile(file) if file else TenantsTable())


def _providers(environment: Mapping[str, str]) -> dict[str, ProviderSettings]:
    """The providers that the function may use, as `PROVIDERS` and the declarations describe them.

    `PROVIDERS` has the ARN of each provider's credentials, continuing `SECRETS_AT`, or an object
    with it as `secret` and fields that take precedence.
    """
    declared = read_declared(environment.get("PROVIDERS_FILE", ""))
    common = environment.get("SECRETS_AT", "")
    return {
        name: ProviderSettings(
            **declared.get(name, {})
            | ({"secret": common + given} if isinstance(given, str) else given)
        )
        for name, given in _object(environment, "PROVIDERS").items()
    }


def _queue_urls(environment: Mapping[str, str], name: str) -> dict[str, str]:
    """The URLs in `name`, each continuing `QUEUES_AT`, which leaves more room for others."""
    common = environment.get("QUEUES_AT", "")
    return {queue: common + url for queue, url in _object(environment, name).items()}


def _queue_url(environment: Mapping[str, str], name: str) -> str:
    """The URL in `name`, empty if there is none; it continues `QUEUES_AT` as others do."""
    url = environment.get(name, "")
    return environment.get("QUEUES_AT", "") + url if url else ""


def _object(environment: Mapping[str, str], name: str) -> dict[str, Any]:
    found = json.loads(environment.get(name, "{}"))
    if not isinstance(found, dict):
        raise ValueError(f"{name} is not a JSON object")  # noqa: TRY004
    return found
