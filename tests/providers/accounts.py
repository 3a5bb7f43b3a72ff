"""The adapters under test, each set up so that its next crawl sends one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization, Provider
from topk.domain.errors import (
    AccessExpiredError,
    NotPermittedError,
    ProviderError,
    ReauthRequiredError,
)
from topk.providers.checkpoints.checkpoint_hashes import PageCheckpoint
from topk.providers.http.transport import Transport
from topk.providers.registry import build
from topk.providers.youtube.export import Export

NOW = 1_791_295_200
"""2026-10-06T14:00:00Z, shortly after the plays of the sample bodies."""

KEY = ec.generate_private_key(ec.SECP256R1())
PRIVATE_KEY = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()

AUTHORIZATION = Authorization(
    state="fake-state-1",
    code_verifier="fake-code-verifier-that-is-long-enough-for-pkce",
    redirect_uri="https://api.example/v1/oauth/any/callback",
)
GRANT = Grant(
    "fake-access-token-1", "fake-refresh-token-1", NOW + 3600, NOW + 9_000_000, "mira listens"
)


_CLIENT = {"client_id": "fake-client", "client_secret": "fake-client-secret"}
_DEVELOPER = {"team_id": "FAKETEAM", "key_id": "FAKEKEY", "private_key": PRIVATE_KEY}


@dataclass(frozen=True, slots=True)
class Account:
    """One provider's account. `pages` are the sample bodies that answer one crawl, in order."""

    provider: str
    credentials: Mapping[str, str] = field(repr=False)
    pages: tuple[str, ...]
    unauthorized: type[ProviderError]
    checkpoint: str = ""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    def adapter(self, http: Transport, **options: int) -> Provider:
        return self.configured(http, options=options)

    def configured(
        self,
        http: Transport,
        *,
        endpoints: Mapping[str, str] | None = None,
        credentials: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Provider:
        return build(
            self.provider,
            endpoints={**self.endpoints, **(endpoints or {})},
            credentials=self.credentials if credentials is None else credentials,
            options={**self.options, **(options or {})},
            http=http,
        )


SPOTIFY = Account(
    "spotify",
    _CLIENT,
    ("recently_played.json", "recently_played_next.json", "recently_played_empty.json"),
    AccessExpiredError,
)
APPLE_MUSIC = Account(
    "apple_music",
    _DEVELOPER,
    ("recent_tracks.json", "recent_tracks_next.json"),
    NotPermittedError,
    PageCheckpoint(NOW - 7200, ()).checkpoint(),
)
YOUTUBE = Account(
    "youtube",
    _CLIENT,
    ("state_complete.json", "archive.json"),
    AccessExpiredError,
    Export().begun("fake-archive-job-1", now=NOW - 600).fetched().checkpoint,
)
LASTFM = Account(
    "lastfm",
    {"api_key": "fake-api-key", "shared_secret": "fake-shared-secret"},
    ("recent_tracks.json", "recent_tracks_next.json"),
    ReauthRequiredError,
)
LISTENBRAINZ = Account("listenbrainz", _CLIENT, ("listens.json",), AccessExpiredError)
PARTNER = Account(
    "partner",
    _CLIENT,
    ("listens.json", "listens_next.json"),
    AccessExpiredError,
    endpoints={
        "accounts": "https://accounts.partner.example",
        "api": "https://api.partner.example",
    },
    options={"protocol": "partner"},
)
ACCOUNTS = (SPOTIFY, APPLE_MUSIC, YOUTUBE, LASTFM, LISTENBRAINZ, PARTNER)
