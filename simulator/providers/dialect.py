"""Where authorization servers differ."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from simulator.providers.consent import AuthorizationRequest


@dataclass(frozen=True, slots=True)
class Term:
    """How long a consent lasts, in words and in seconds; or it serves `once`."""

    name: str
    seconds: float = inf
    once: bool = False


FOR_GOOD = Term("until taken back")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where authorization servers differ.

    `scopes` are those that exist. Public clients, which have no secret, are served where
    `public_clients` says so, if they use PKCE: each of their refresh tokens serves once. Where
    `pkce_required`, confidential clients have to use it too.

    `refusals` maps what is wrong with a token request (client, grant_type, code, redirect,
    verifier, refresh, revoked) to status and body. `durable` tells whether a consent comes with a
    refresh token, given the request and whether one is out already. `terms` are those on which a
    listener may consent, the usual ones first.

    A server may leave out the scope (`tells_scope`), say how long the refresh token lives
    (`names_end`), replace it with each use (`rotates`), name the account as `user_id`
    (`names_user`) and itself in the way back (`names_issuer`, RFC 9207). Access tokens begin with
    `access_prefix`.
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
