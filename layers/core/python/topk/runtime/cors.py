"""Which pages may call the API from a browser: those of a tenant's web origins.

The gateway knows no tenants, so that functions answer preflight requests too. Source: the Fetch
standard, https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

from collections.abc import Iterable, Mapping

from topk.runtime.tenants import Tenant

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
HEADERS = ("authorization", "content-type")
PREFLIGHT_SECONDS = 3600
REQUESTED = "access-control-request-method"


def headers(origin: str, tenants: Iterable[Tenant]) -> dict[str, str]:
    """Headers by which a page of `origin` may read a response of one of `tenants`."""
    # Always, or a cache would serve one page the response for another.
    varies = {"vary": "origin"}
    if not _allowed(origin, tenants):
        return varies
    return {
        **varies,
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "retry-after",
    }


def preflight(asked: Mapping[str, str], tenants: Iterable[Tenant]) -> dict[str, str]:
    """Headers for a preflight request with the headers `asked`; none for other pages."""
    if REQUESTED not in asked or not _allowed(asked.get("origin", ""), tenants):
        return {}
    return {
        "access-control-allow-methods": ",".join(METHODS),
        "access-control-allow-headers": ",".join(HEADERS),
        "access-control-max-age": str(PREFLIGHT_SECONDS),
    }


def _allowed(origin: str, tenants: Iterable[Tenant]) -> bool:
    return bool(origin) and any(origin in tenant.web_origins for tenant in tenants)
