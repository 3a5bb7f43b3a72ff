"""The differences between authorization servers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from simulator.providers.consent import AuthorizationRequest


@dataclass(frozen=True, slots=True)
class Term:
    """How long a consent lasts, in words and in seconds; or it can be used only `once`."""

    name: str
    seconds: float = inf
    once: bool = False


FOR_GOOD = Term("until taken back")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The behaviour of one authorization server.

    `scopes` are the scopes that exist. If `public_clients`, clients without a secret are allowed
    with PKCE; each of their refresh tokens works once. If `pkce_required`, confidential clients
    must use PKCE too.

    `refusals` maps the fault of a token request (client, grant_type, code, redirect, verifier,
    refresh, revoked) to status and body. `durable` decides whether a consent comes with a refresh
    token, given the request and whether one was issued before. `terms` are the terms that a
    listener can choose, the default first.

    A response may include the scope (`tells_scope`), the lifetime of the refresh token
    (`names_end`) and the account as `user_id` (`names_user`); the redirect may name the issuer
    (`names_issuer`, RFC 9207). If `rotates`, each use replaces the refresh token. Access tokens
    begin with `access_prefix`.
    """

    title: str
    scopes: Collection[str]
    expires_in: int
    refusals: Mapping[str, tuple[int, dict[str, str]]]
    durable: Callable[[AuthorizationRequest, bool], bool]
    terms: Sequence[Term] = (FOR_GOOD,)
    tells_scope: bool = True
    rotates: bool = False
    names_user: bool = False
    names_issuer: bool = False
    public_clients: bool = False
    pkce_required: bool = False
    access_prefix: str = ""
    names_end: bool = False


def invalid_grant(description: str) -> tuple[int, dict[str, str]]:
    """RFC 6749, 5.2."""
    return 400, {"error": "invalid_grant", "error_description": description}
