"""The consents at one provider, with their codes, access tokens and refresh tokens."""

import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

CODE_SECONDS = 600
ACCESS_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Consent:
    """One listener's consent to one application, permanent or for a single use."""

    client_id: str
    account: str
    scope: str
    once: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """The terms of an authorization code: who may redeem it, and with which proof."""

    consent: Consent
    redirect_uri: str
    challenge: str
    durable: bool
    lasts: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class Access:
    """The terms of an access token."""

    consent: Consent
    expires_at: float


@dataclass(frozen=True, slots=True)
class Renewal:
    """The terms of a refresh token, which expires at `ends_at`. A `public` client has no secret."""

    consent: Consent
    ends_at: float
    public: bool = False


class Grants:
    """The ledger of one authorization server. `now` returns the world's epoch seconds.

    `secrets` has, by kind, every code and token ever issued and every PKCE verifier ever sent:
    values that only the client may see.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Renewal] = {}
        self._revoked: set[str] = set()
        self.secrets: dict[str, list[str]] = defaultdict(list)

    def make(self, kind: str, prefix: str = "") -> str:
        """A new secret of that kind."""
        secret = f"{prefix}simulated-{kind}-{secrets.token_urlsafe(24)}"
        self.secrets[kind].append(secret)
        return secret

    def issue_code(
        self,
        consent: Consent,
        *,
        redirect_uri: str,
        challenge: str,
        durable: bool,
        lasts: float,
    ) -> str:
        """A new code. If `durable`, it comes with a refresh token valid for `lasts` seconds."""
        code, expires_at = self.make("code"), self._now() + CODE_SECONDS
        self._codes[code] = Code(consent, redirect_uri, challenge, durable, lasts, expires_at)
        return code

    def redeem(self, code: str) -> Code | None:
        """The terms of a code, once; None if it is unknown, used or expired."""
        terms = self._codes.pop(code, None)
        return terms if terms and self._now() < terms.expires_at else None

    def issue_access(self, consent: Consent, prefix: str = "") -> str:
        token = self.make("access", prefix)
        self._access[token] = Access(consent, self._now() + ACCESS_SECONDS)
        return token

    def issue_refresh(
        self, consent: Consent, lifetime: float = inf, *, public: bool = False
    ) -> str:
        """A new refresh token that expires after `lifetime` seconds."""
        token = self.make("refresh")
        self._refresh[token] = Renewal(consent, self._now() + lifetime, public)
        return token

    def rotate(self, token: str) -> str:
        """Replaces a valid refresh token with a new one of the same expiry."""
        successor = self.make("refresh")
        self._refresh[successor] = self._refresh.pop(token)
        self._revoked.add(token)
        return successor

    def access(self, token: str) -> Access | None:
        """The terms of an access token, expired or not."""
        return self._access.get(token)

    def expired(self, access: Access) -> bool:
        return self._now() >= access.expires_at

    def expire(self, token: str) -> None:
        """Expires an access token early."""
        self._access[token] = replace(self._access[token], expires_at=self._now())

    def renewal(self, token: str) -> Renewal | None:
        """The terms of a refresh token; None if it is not valid."""
        renewal = self._refresh.get(token)
        return renewal if renewal and self._now() < renewal.ends_at else None

    def refresh(self, token: str) -> Consent | None:
        """The consent of a refresh token; None if the token is not valid."""
        renewal = self.renewal(token)
        return renewal.consent if renewal else None

    def revoked(self, token: str) -> bool:
        """Whether a refresh token was valid once, but no longer is."""
        return token in self._revoked or token in self._refresh

    def granted(self, consent: Consent) -> bool:
        """Whether the application has a refresh token of the listener."""
        return any(
            renewal.consent == consent and self._now() < renewal.ends_at
            for renewal in self._refresh.values()
        )

    def consent_of(self, token: str) -> Consent | None:
        """The consent of an access token or a refresh token."""
        access = self._access.get(token)
        return access.consent if access else self.refresh(token)

    def revoke(self, gone: Callable[[Consent], bool]) -> None:
        """Revokes every consent that matches `gone`, with all its tokens."""
        for token in [token for token, kept in self._access.items() if gone(kept.consent)]:
            del self._access[token]
        for token in [token for token, kept in self._refresh.items() if gone(kept.consent)]:
            del self._refresh[token]
            self._revoked.add(token)
