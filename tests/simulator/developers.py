"""Applications of our own at the simulated providers, for tests."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

REDIRECT = "http://127.0.0.1:9000/callback"
VERIFIER = "fake-verifier-0123456789-0123456789-0123456789"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
CLIENT = {"client_id": "fake-client-1", "client_secret": "fake-client-secret-1"}
_SCOPES = {
    "spotify": "user-read-recently-played",
    "youtube": "https://www.googleapis.com/auth/dataportability.myactivity.youtube",
}
_AUTHORIZE = {
    "spotify": "/spotify/accounts/authorize",
    "youtube": "/youtube/accounts/o/oauth2/v2/auth",
}
_TOKEN = {"spotify": "/spotify/accounts/api/token", "youtube": "/youtube/oauth2/token"}
HISTORY = "/spotify/api/v1/me/player/recently-played"
TRACKS = "/apple_music/api/v1/me/recent/played/tracks"
PORTABILITY = "/youtube/portability/v1"


@dataclass(frozen=True)
class Developer:
    """A registered OAuth application at `provider`."""

    browser: TestClient
    provider: str

    def register(self) -> "Developer":
        app = {**CLIENT, "redirect_uris": [REDIRECT]}
        assert self.browser.put(f"/world/apps/{self.provider}", json=app).status_code == 200
        return self

    def request(self, **changes: str) -> dict[str, str]:
        """The parameters of an authorization request; an empty change leaves one out."""
        asked = {
            "client_id": CLIENT["client_id"],
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": _SCOPES[self.provider],
            "state": "fake-state-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "access_type": "offline",
        }
        return {name: value for name, value in (asked | changes).items() if value}

    def visit(self, **changes: str) -> Any:
        return self.browser.get(_AUTHORIZE[self.provider], params=self.request(**changes))

    def decide(self, account: str, decision: str = "allow", **changes: str) -> Any:
        answer = self.request(**changes) | {"account": account, "decision": decision}
        return self.browser.post(_AUTHORIZE[self.provider], data=answer)

    def code(self, account: str, **changes: str) -> str:
        return sent_back(self.decide(account, **changes))["code"]

    def token(self, **changes: str) -> Any:
        """The answer of the token endpoint to a form with these fields."""
        return self.browser.post(_TOKEN[self.provider], data=CLIENT | changes)

    def redeem(self, code: str, **changes: str) -> Any:
        terms = {"code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return self.token(grant_type="authorization_code", **(terms | changes))

    def refresh(self, token: str) -> Any:
        return self.token(grant_type="refresh_token", refresh_token=token)

    def connect(self, account: str, **changes: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.redeem(self.code(account, **changes)).json()
        return answer


@dataclass(frozen=True)
class Team:
    """A registered Apple developer team."""

    browser: TestClient
    key: ECKey

    @classmethod
    def registered(cls, browser: TestClient) -> "Team":
        key = ECKey.generate_key("P-256")
        pem = key.as_pem(private=False).decode()
        ids = {"team_id": "FAKETEAM01", "key_id": "FAKEKEY001", "public_key": pem}
        assert browser.put("/world/apps/apple_music", json=ids).status_code == 200
        return cls(browser, key)

    def token(self, issued: int, *, key: ECKey | None = None, **changes: Any) -> str:
        claims = {"iss": "FAKETEAM01", "iat": issued, "exp": issued + 3600} | changes
        return jwt.encode({"alg": "ES256", "kid": "FAKEKEY001"}, claims, key or self.key)

    def authorize(self, developer_token: str, account: str, decision: str = "allow") -> Any:
        return self.browser.post(
            "/apple_music/musickit/authorize",
            json={"developer_token": developer_token, "account": account, "decision": decision},
        )

    def tracks(self, developer_token: str, user_token: str, query: str = "") -> Any:
        return self.browser.get(
            TRACKS + query, headers=bearer(developer_token) | {"Music-User-Token": user_token}
        )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def unpacked(archive: bytes) -> list[dict[str, Any]]:
    """The records of all activity files of an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        names = [name for name in file.namelist() if name.endswith("/MyActivity.json")]
        return [record for name in names for record in json.loads(file.read(name))]


def sent_back(answer: Any) -> dict[str, str]:
    """What a redirect to our own address carries."""
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == REDIRECT
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def basic(credentials: Mapping[str, str]) -> dict[str, str]:
    pair = f"{credentials['client_id']}:{credentials['client_secret']}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
