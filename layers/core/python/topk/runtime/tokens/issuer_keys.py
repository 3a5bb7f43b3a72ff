"""Public keys of tenants' token issuers, by the `kid` of a token.

Documents: OpenID Connect Discovery 1.0, section 4, and RFC 7517.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from topk.domain.errors import StoreError
from topk.runtime.tenants import Tenant
from topk.runtime.tokens.jwk import Key, key_of

DISCOVERY = "/.well-known/openid-configuration"
SHORTEST_WAIT = 60
"""Seconds between two reads of an issuer's keys: unknown `kid`s cost no more."""
LONGEST_KEPT = 3600
"""Seconds after which keys are read again, so that a withdrawn key ends."""
FIRST_CHECK = 300
"""Seconds after which a process checks keys that were read when the tenant was added."""
MOST_KEPT = 1000
"""Tenants whose keys a process keeps, about 2 KB each; those read first make room for others."""
LARGEST_DOCUMENT = 150_000
"""Bytes, as API Gateway's authorizers accept."""

Fetch = Callable[[str], bytes]


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


class _KeySet(msgspec.Struct):
    keys: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class _Known:
    tried_at: int
    keys: Mapping[str, Key] = field(default_factory=dict)


class IssuerKeys:
    """Keys are read on first use, when a token has an unknown `kid`, and every hour."""

    def __init__(self, fetch: Fetch | None = None) -> None:
        self._fetch = fetch or fetch_document
        self._known: dict[str, _Known] = {}

    def find(self, tenant: Tenant, kid: str, *, now: int) -> Key | None:
        """The key of the tenant's issuer; None if the issuer has no such key.

        Raises StoreError while none of its keys could be read.
        """
        known = self._known.get(tenant.name)
        if known is None:
            known = self._first(tenant, now)
            while len(self._known) >= MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[tenant.name] = known
        age = now - known.tried_at
        if age >= (SHORTEST_WAIT if kid not in known.keys else LONGEST_KEPT):
            self._read_again(tenant, known, now)
        if not known.keys:
            raise StoreError("the keys of the token issuer cannot be read")
        return known.keys.get(kid)

    def _first(self, tenant: Tenant, now: int) -> _Known:
        """The keys that are known, until they are read within the next minutes."""
        if tenant.keys:
            return _Known(now - LONGEST_KEPT + FIRST_CHECK, _keys(tenant.keys))
        known = _Known(now)
        self._read_again(tenant, known, now)
        return known

    def _read_again(self, tenant: Tenant, known: _Known, now: int) -> None:
        """On failure the keys stay as they are: an issuer's outage ends no session."""
        known.tried_at = now
        if not tenant.publishes_keys:
            return
        try:
            known.keys = _keys(read_keys(tenant.issuer, self._fetch)) or known.keys
        except (OSError, ValueError, msgspec.MsgspecError):
            return


def read_keys(issuer: str, fetch: Fetch) -> tuple[dict[str, Any], ...]:
    """The key set that the issuer's discovery document names, as JWKs.

    Raises OSError if a document cannot be read, and ValueError or MsgspecError if it is invalid.
    """
    found = msgspec.json.decode(fetch(f"{issuer.rstrip('/')}{DISCOVERY}"), type=_Discovery)
    if found.issuer != issuer:
        raise ValueError("the discovery document is of another issuer")
    scheme = issuer.partition(":")[0]
    if not found.jwks_uri.startswith(f"{scheme}://"):
        raise ValueError("the address of the keys is not as safe as the issuer's")
    return msgspec.json.decode(fetch(found.jwks_uri), type=_KeySet).keys


def fetch_document(address: str) -> bytes:
    """The document at an http(s) address, without redirects or proxies. Raises OSError."""
    # Imported late: only the first token of an issuer needs it.
    from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request

    opener = OpenerDirector()
    opener.add_handler(HTTPHandler())
    opener.add_handler(HTTPSHandler())
    answer = opener.open(Request(address), timeout=2)  # noqa: S310 - it has handlers for http(s) only
    if answer is None:
        raise OSError("neither http nor https")
    with answer:
        body: bytes = answer.read(LARGEST_DOCUMENT + 1)
    if answer.status != 200 or len(body) > LARGEST_DOCUMENT:
        raise OSError(f"status {answer.status}, {len(body)} bytes")
    return body


def _keys(jwks: Iterable[Mapping[str, Any]]) -> dict[str, Key]:
    """The keys that can verify signatures; others are left out."""
    made = ((str(jwk.get("kid", "")), key_of(jwk)) for jwk in jwks)
    return {kid: key for kid, key in made if kid and key}
