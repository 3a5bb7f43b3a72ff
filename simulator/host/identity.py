"""The host app as an OpenID provider: its signing key, and tokens for its users."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

AUDIENCE = "topk"
SCOPES = ("graph:write",)
"""Scopes that the app's own servers may request."""
TOKEN_SECONDS = 30 * 86_400
"""Longer than an issuer should: a world that skips days would sign everybody out."""
KEY_BITS = 2048


class Identity:
    """Signs RS256 tokens with a key that lives as long as the process.

    `now` returns the world's epoch seconds, by which the emulator stamps requests.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    @cached_property
    def _key(self) -> RSAKey:
        return RSAKey.generate_key(KEY_BITS, auto_kid=True)

    def token(self, issuer: str, user: str, claims: Mapping[str, Any] | None = None) -> str:
        """A token for `user`. `claims` override the default claims; None omits one."""
        return self._signed(issuer, {"sub": user, **(claims or {})})

    def server_token(self, issuer: str, client: str, scope: str) -> str:
        """For a server of the app's own: the subject is the client (RFC 9068, section 2.2)."""
        return self._signed(issuer, {"sub": client, "client_id": client, "scope": scope})

    def _signed(self, issuer: str, claims: Mapping[str, Any]) -> str:
        issued = int(self._now())
        given = {
            "iss": issuer,
            "aud": AUDIENCE,
            "iat": issued,
            "exp": issued + TOKEN_SECONDS,
            **claims,
        }
        said = {name: value for name, value in given.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, said, self._key)

    def user(self, token: str) -> str | None:
        """The user of a token; None if it was not signed here or has expired."""
        try:
            claims = jwt.decode(token, self._key, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            return None
        return str(claims["sub"]) if claims["exp"] > self._now() else None

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False, use="sig", alg="RS256")]}


def discovery(issuer: str) -> dict[str, Any]:
    """https://openid.net/specs/openid-connect-discovery-1_0.html, section 3."""
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/jwks.json",
        "authorization_endpoint": f"{issuer}/sign-in",
        "token_endpoint": f"{issuer}/token",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
