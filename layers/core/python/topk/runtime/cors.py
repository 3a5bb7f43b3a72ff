"""Which pages may call the API from a browser: those of a tenant's web origins.

The gateway knows no tenants, so that functions answer preflight requests too. Source: the Fetch
standard, https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

from collections.abc import Mapping

from topk.runtime.tenants import Tenant

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
HEADERS = ("authorization", "content-type")
PREFLIGHT_SECONDS = 3600
REQUESTED = "access-control-request-method"


def headers(origin: str, tenant: Tenant | None) -> dict[str, str]:
    """Headers by which a page of `origin` may read a response of `tenant`."""
    # Always, or a cache would serve one page the response for another.
    varies = {"vary": "origin"}
    if tenant is None or origin not in tenant.web_origins:
        return varies
    return {**varies, **_readable_by(origin)}


def preflight(asked: Mapping[str, str], tenant: Tenant | None) -> dict[str, str]:
    """Headers for a preflight request with the headers `asked`: to pages of `tenant` or, if it is
    not known, to any.
    """
    origin = asked.get("origin", "")
    if REQUESTED not in asked or not origin or (tenant and origin not in tenant.web_origins):
        return {}
    return {
        **_readable_by(origin),
        "access-control-allow-methods": ",".join(METHODS),
        "access-control-allow-headers": ",".join(HEADERS),
        "access-control-max-age": str(PREFLIGHT_SECONDS),
    }


def _readable_by(origin: str) -> dict[str, str]:
    return {"access-control-allow-origin": origin, "access-control-expose-headers": "retry-after"}
