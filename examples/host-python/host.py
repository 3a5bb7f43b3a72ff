"""A host app in one file: it signs users in, issues tokens, tells names and follows, serves pages.

    python host.py --api URL --pages FOLDER

The users are made up, and anybody may sign in as any of them.
"""

import argparse
import json
import time
import urllib.request
from http.cookies import SimpleCookie
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

PEOPLE = {"ada": "Ada Lindqvist", "ben": "Ben Okafor"}
AUDIENCE = "topk"
TOKEN_SECONDS = 600
KEY = Path("host-key.json")


class Host:
    """`origin` is the host's address and the issuer of its tokens; `api` is that of the API."""

    def __init__(self, origin: str, api: str) -> None:
        self.origin, self.api = origin, api
        if not KEY.exists():
            made = RSAKey.generate_key(2048, auto_kid=True)
            KEY.write_text(json.dumps(made.as_dict(private=True)), encoding="utf-8")
            KEY.chmod(0o600)
        self._key = RSAKey.import_key(json.loads(KEY.read_text(encoding="utf-8")))

    def user_token(self, user: str) -> str:
        return self._token(sub=user)

    def server_token(self) -> str:
        """As a client credentials grant gives it: the subject is the server itself."""
        return self._token(sub="reef-server", client_id="reef-server", scope="graph:write")

    def _token(self, **claims: str) -> str:
        now = int(time.time())
        common = {"iss": self.origin, "aud": AUDIENCE, "iat": now, "exp": now + TOKEN_SECONDS}
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, common | claims, self._key)

    def documents(self) -> dict[str, Any]:
        """What the service reads to verify tokens."""
        public = self._key.as_dict(private=False, use="sig", alg="RS256")
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.origin,
                "jwks_uri": f"{self.origin}/jwks.json",
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
            },
            "/jwks.json": {"keys": [public]},
        }

    def follow(self, follower: str, followed: str) -> None:
        """Tells the service that `follower` may see the list of `followed`."""
        change = {"follower": follower, "followed": followed, "op": "follow"}
        self.call("POST", "/v1/graph/edges", self.server_token(), {"changes": [change]})

    def introduce(self) -> None:
        """Tells the service what its lists call the users."""
        people = [{"user_id": user, "name": name} for user, name in PEOPLE.items()]
        self.call("POST", "/v1/graph/people", self.server_token(), {"people": people})

    def call(self, method: str, path: str, token: str, body: Any) -> Any:
        """The API's answer. Raises urllib.error.HTTPError if it refuses."""
        request = urllib.request.Request(
            self.api + path,
            json.dumps(body).encode(),
            {"authorization": f"Bearer {token}", "content-type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


class Pages(SimpleHTTPRequestHandler):
    """The host's own addresses; everything else is a file of `--pages`."""

    host: Host

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        documents = self.host.documents()
        if address.path in documents:
            self._json(documents[address.path])
        elif address.path == "/config.json":
            self._json({"api": self.host.api, "people": PEOPLE, "user": self._user()})
        elif address.path == "/session/token":
            user = self._user()
            self._json({"token": self.host.user_token(user)} if user else {}, 200 if user else 401)
        elif address.path == "/sign-in":
            self._sign_in(parse_qs(address.query).get("user", [""])[0])
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """`/people/<user>/follow`: the signed-in user follows `<user>`."""
        user, parts = self._user(), self.path.split("/")
        if user and parts[1] == "people" and parts[2] in PEOPLE and parts[3:] == ["follow"]:
            self.host.introduce()
            self.host.follow(user, parts[2])
            self._json({})
        else:
            self._json({}, 404)

    def _user(self) -> str:
        cookie = SimpleCookie(self.headers.get("cookie", "")).get("user")
        return cookie.value if cookie and cookie.value in PEOPLE else ""

    def _sign_in(self, user: str) -> None:
        """A real host asks for a password, and its cookie cannot be made up."""
        self.send_response(303)
        self.send_header("set-cookie", f"user={user if user in PEOPLE else ''}; HttpOnly; Path=/")
        self.send_header("location", "/")
        self.end_headers()

    def _json(self, value: Any, status: int = 200) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("cache-control", "no-store")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--api", required=True, help="address of the tenant's API")
    options.add_argument("--pages", default="pages", help="folder with the pages")
    options.add_argument("--port", type=int, default=3000)
    chosen = options.parse_args()
    Pages.host = Host(f"http://127.0.0.1:{chosen.port}", chosen.api)

    def handler(*given: Any) -> Pages:
        return Pages(*given, directory=chosen.pages)

    print(f"http://127.0.0.1:{chosen.port}", flush=True)  # noqa: T201 - a command's output
    ThreadingHTTPServer(("127.0.0.1", chosen.port), handler).serve_forever()


if __name__ == "__main__":
    main()
