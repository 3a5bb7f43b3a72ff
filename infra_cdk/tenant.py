"""A tenant's configuration in cdk.json, and the part that functions receive."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

Positive = Annotated[int, Meta(ge=1)]
Urls = Annotated[tuple[str, ...], Meta(min_length=1)]
Text = Annotated[str, Meta(min_length=1)]
Mixing = Literal["accepted", "off"]
Algorithm = Literal["RS256", "RS384", "RS512", "ES256"]
ORIGIN = re.compile(r"https?://[^/?#@\s*]+")


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Request budget of a provider app, over all its crawls."""

    requests_per_second: Annotated[float, Meta(gt=0)] = 100
    requests_per_crawl: Annotated[float, Meta(ge=1)] = 1
    """Typical number of requests in a crawl: pages and occasional refreshes."""


class App(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tenant's own app at a provider. Its credentials are in the provider's secret, under
    `tenants` and the tenant's name, so that policies do not grow with tenants.
    """

    budget: Budget | None = None
    """Overrides the provider's or the stage's budget. Always counted separately."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of one tenant."""

    connections_per_user: Positive = 10
    requests_per_second: Positive | None = None
    """Of its users and servers together; None for the stage's."""


class PlayRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What counts as a play where a source reports how long the user listened: `percent` of the
    song or `enough_seconds`, whichever is less, and at least `least_seconds`.
    """

    percent: Annotated[int, Meta(ge=10, le=100)] = 50
    enough_seconds: Annotated[int, Meta(ge=30, le=600)] = 240
    least_seconds: Annotated[int, Meta(ge=0, le=60)] = 30


class Tenant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A host app: its token issuer and the addresses of its pages."""

    issuer: Text
    audience: Text
    return_urls: Urls
    """Return addresses after connecting an account."""
    web_origins: Urls
    """Origins of pages that may call the API from a browser."""
    algorithms: Annotated[tuple[Algorithm, ...], Meta(min_length=1)] = ("RS256",)
    """Algorithms by which the issuer signs tokens."""
    providers: tuple[str, ...] | None = None
    """Providers that users may connect; None for all declared ones."""
    apps: dict[str, App] = {}
    """The tenant's own apps, by provider."""
    limits: Limits = Limits()
    mixing: dict[str, Mixing] = {}
    """By provider whose terms restrict mixing: whether its plays are mixed with others all the
    same (`accepted`), or not (`off`). They are by default, with a warning.
    """
    follows: Literal["host", "request", "open"] = "host"
    """Who decides that a user follows another: the host app's servers, both users, or, for public
    lists, the follower.
    """
    play_rule: PlayRule = PlayRule()
    events: bool = False
    """Whether the tenant receives events about its users' lists, on its own bus."""


def faults(
    tenants: Mapping[str, Tenant], providers: Mapping[str, Any], *, local: bool
) -> Iterator[str]:
    """Errors in the configuration, each with its location."""
    for name, tenant in tenants.items():
        same = [other for other in tenants if tenants[other].issuer == tenant.issuer]
        if same != [name]:
            shared = ", ".join(same)
            yield f"{name}.issuer: is shared by {shared}, whose users nobody could tell apart"
        yield from (f"{name}.{fault}" for fault in _of_addresses(tenant, local=local))
        yield from (f"{name}.{fault}" for fault in _of_providers(tenant, providers))


def _of_addresses(tenant: Tenant, *, local: bool) -> Iterator[str]:
    addresses = {"issuer": (tenant.issuer,), "return_urls": tenant.return_urls}
    for field, urls in addresses.items():
        for url in urls:
            if said := _wrong(url, local=local):
                yield f"{field}: {url}: {said}"
    for origin in tenant.web_origins:
        if _wrong(origin, local=local) or not ORIGIN.fullmatch(origin):
            yield f"web_origins: {origin}: want an origin such as https://app.example"


def _of_providers(tenant: Tenant, providers: Mapping[str, Any]) -> Iterator[str]:
    known = ", ".join(sorted(providers))
    for named in (*(tenant.providers or ()), *tenant.apps, *tenant.mixing):
        if named not in providers:
            yield f"providers: {named} is not one of {known}"
    offered = providers if tenant.providers is None else tenant.providers
    for own in tenant.apps:
        if own not in offered:
            yield f"apps.{own}: its users may not connect {own}"


def told(
    tenants: Mapping[str, Tenant], providers: Mapping[str, Any], buses: Mapping[str, str]
) -> dict[str, Any]:
    """Tenants by name: the contract with `topk.runtime.tenants`. `buses` are those of tenants with
    events.
    """
    return {
        name: {
            "issuer": tenant.issuer,
            "audience": tenant.audience,
            "algorithms": tenant.algorithms,
            "return_urls": tenant.return_urls,
            "providers": tuple(providers) if tenant.providers is None else tenant.providers,
            "apps": {
                provider: msgspec.to_builtins(app.budget) if app.budget else {}
                for provider, app in tenant.apps.items()
            },
            "web_origins": tenant.web_origins,
            "connections_per_user": tenant.limits.connections_per_user,
            "requests_per_second": tenant.limits.requests_per_second or 0,
            "follows": tenant.follows,
            "event_bus": buses.get(name, ""),
            "separate": separate(tenant),
            "play_rule": msgspec.to_builtins(tenant.play_rule),
        }
        for name, tenant in tenants.items()
    }


def separate(tenant: Tenant) -> tuple[str, ...]:
    """The providers whose plays the tenant does not mix with others."""
    return tuple(sorted(name for name, choice in tenant.mixing.items() if choice == "off"))


def _wrong(url: str, *, local: bool) -> str:
    parts = urlsplit(url)
    if not parts.netloc or "*" in url or any(sign.isspace() for sign in url):
        return "is not an absolute address"
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        return "must begin with https://"
    if parts.fragment or parts.username is not None:
        return "must have neither a fragment nor a user"
    return ""
