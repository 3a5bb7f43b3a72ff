"""Verifies bearer tokens by what their tenant's data says: issuer, audience, algorithms and keys.

Nothing that a token says of itself decides how it is verified (RFC 8725). Source of the checks of
claims, which are those of API Gateway's JWT authorizers:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from topk.domain.errors import InvalidRequestError, TokenError
from topk.domain.owner import Owner
from topk.runtime.tenants import Tenant
from topk.runtime.tokens.issuer_keys import IssuerKeys
from topk.runtime.tokens.jwk import decoded

MOST_KEPT = 2048
"""Verified tokens of a process, about 1 KB each."""
CLOCK_SKEW = 30
"""Seconds that an issuer's clock may be ahead. A token ends at its own time."""
_MOST_BYTES = 8192


class Claims(msgspec.Struct, frozen=True):
    """The claims of an access token that the service reads (RFC 7519, RFC 9068)."""

    iss: str
    exp: float
    sub: str = ""
    aud: str | tuple[str, ...] = ()
    client_id: str = ""
    scope: str = ""
    nbf: float = 0
    iat: float = 0

    @property
    def audiences(self) -> tuple[str, ...]:
        """Who the token is for. A token without audience is for its client."""
        given = (self.aud,) if isinstance(self.aud, str) else self.aud
        return given or (self.client_id,)


@dataclass(frozen=True, slots=True)
class Caller:
    """The tenant and the claims of a verified token."""

    tenant: Tenant
    claims: Claims

    @property
    def owner(self) -> Owner | None:
        """The user; None for a client credentials token, whose subject is the client (RFC 9068,
        section 2.2), and for a subject that cannot be a user.
        """
        if self.claims.sub == self.claims.client_id:
            return None
        try:
            return Owner.of(self.tenant.name, self.claims.sub)
        except InvalidRequestError:
            return None

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.claims.scope.split())


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str
    crit: Any = None


class AccessTokens:
    """Verifies tokens, and keeps the result until the token expires or its tenant changes.

    `tenant_of` returns the tenant of an issuer.
    """

    def __init__(self, tenant_of: Callable[[str], Tenant | None], keys: IssuerKeys) -> None:
        self._tenant_of = tenant_of
        self._keys = keys
        self._verified: dict[bytes, Caller] = {}

    def verify(self, token: str, *, now: int) -> Caller:
        """The caller with `token`. Raises TokenError without saying which check failed, except for
        a token that has expired.
        """
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        caller = self._verified.get(digest)
        if caller is None or not self._is_current(caller):
            caller = self._checked(token, now)
            self._keep(digest, caller)
        _check_times(caller.claims, now)
        return caller

    def _is_current(self, caller: Caller) -> bool:
        current = self._tenant_of(caller.claims.iss)
        return current is caller.tenant or current == caller.tenant

    def _checked(self, token: str, now: int) -> Caller:
        try:
            header, claims, signature, signed = _parts(token)
        except (ValueError, msgspec.MsgspecError, RecursionError):
            raise TokenError("is missing or malformed") from None
        tenant = self._tenant_of(claims.iss)
        if tenant is None or tenant.audience not in claims.audiences:
            raise TokenError("is not valid")
        if header.alg not in tenant.algorithms or header.crit is not None:
            raise TokenError("is not valid")
        key = self._keys.find(tenant, header.kid, now=now)
        if key is None or not key.verifies(header.alg, signature, signed):
            raise TokenError("is not valid")
        return Caller(tenant, claims)

    def _keep(self, digest: bytes, caller: Caller) -> None:
        if len(self._verified) >= MOST_KEPT:
            self._verified.pop(next(iter(self._verified)))
        self._verified[digest] = caller


def bearer(headers: Mapping[str, str]) -> str:
    """The token of an Authorization header (RFC 6750, section 2.1); empty without."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _parts(token: str) -> tuple[_Header, Claims, bytes, bytes]:
    """Header, claims, signature and what is signed. Raises ValueError or MsgspecError."""
    if len(token) > _MOST_BYTES:
        raise ValueError("too long")
    header, claims, signature = token.split(".")
    return (
        msgspec.json.decode(decoded(header), type=_Header),
        msgspec.json.decode(decoded(claims), type=Claims),
        decoded(signature),
        f"{header}.{claims}".encode(),
    )


def _check_times(claims: Claims, now: int) -> None:
    if claims.exp <= now:
        raise TokenError("has expired")
    if max(claims.nbf, claims.iat) > now + CLOCK_SKEW:
        raise TokenError("is not valid yet")
