"""Personal tokens: what a player sends to add plays to a user's history."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum

from topk.domain.owner import Owner

SHOWN_USE_SECONDS = 3600
"""How exactly the last use of a token is stored: a write for each call would cost more than plays.
"""
_KEY = re.compile(r"[0-9a-f]{64}")


class Kind(StrEnum):
    """Who holds a token."""

    TOKEN = "token"  # noqa: S105 - a kind, not a token
    """Made by the user, who pastes it into a player."""
    SESSION = "session"
    """Given to a player by the Last.fm protocol."""
    CONSENT = "consent"
    """A player's request that the user has allowed, and that waits for its session."""


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """Stored under the hash of the token. Times are epoch seconds."""

    token_hash: str
    owner: Owner
    kind: Kind
    name: str
    created_at: int
    last_used_at: int = 0
    """0 if never used; at most SHOWN_USE_SECONDS too early."""
    parent: str = ""
    """The token that a session was derived from, and with which it ends."""
    sealed_password: str = field(default="", repr=False)
    """The MD5 that players compute of a password, sealed: they never send the password."""
    latest_import: int = 0
    """What the player noted last with `latest-import`."""
    expires_at: int | None = None

    @property
    def shown(self) -> bool:
        """Whether the user sees it in their list: one row for each player."""
        return self.kind is not Kind.CONSENT and not self.parent


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_hash(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def password_of(token: str) -> str:
    """MD5 of `token` in hexadecimal, which Last.fm's protocols prescribe for passwords."""
    return md5(token)


def session_of(password: str) -> str:
    """The session key of the token with this MD5: always the same, so that a player that signs in
    at each start fills no table. As secret as the token.
    """
    return hashlib.sha256(f"topk-session:{password}".encode()).hexdigest()[:32]


def md5(text: str) -> str:
    """MD5 in hexadecimal. Only for protocols that prescribe it, over secrets of 122 random bits."""
    raw = text.encode("utf-8", "surrogatepass")
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()
