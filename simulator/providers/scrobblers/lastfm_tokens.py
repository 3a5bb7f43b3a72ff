"""Last.fm's tokens: a user allows one, and an application exchanges it once for a session.

https://www.last.fm/api/webauth and /api/desktopauth.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.providers.grants import Consent, Grants
from simulator.providers.scrobblers.lastfm_refusals import (
    EXPIRED,
    NO_TOKEN,
    UNAUTHORIZED,
    RefusedError,
)

TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Token:
    """A token of `app`, valid until `expires_at`; `account` is None until a user allows it."""

    app: str
    expires_at: float
    account: str | None = None


class Tokens:
    """`now` returns the world's epoch seconds."""

    def __init__(self, grants: Grants, now: Callable[[], float]) -> None:
        self._grants = grants
        self._now = now
        self._issued: dict[str, Token] = {}

    def issue(self, app: str) -> str:
        token = self._grants.make("token")
        self._issued[token] = Token(app, self._now() + TOKEN_SECONDS)
        return token

    def is_issued(self, token: str, app: str) -> bool:
        found = self._issued.get(token)
        return found is not None and found.app == app

    def allow(self, token: str, account: str) -> None:
        self._issued[token] = replace(self._issued[token], account=account)

    def redeem(self, token: str, app: str) -> Consent:
        """The consent of an allowed token. Raises RefusedError."""
        if not self.is_issued(token, app):
            raise RefusedError(NO_TOKEN)
        found = self._issued[token]
        if self._now() >= found.expires_at:
            raise RefusedError(EXPIRED)
        if found.account is None:
            raise RefusedError(UNAUTHORIZED)
        del self._issued[token]
        return Consent(app, found.account, "")
