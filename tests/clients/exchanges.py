"""Calls of the submission protocols, each as it is sent to two servers, and their answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from topk.domain.account.personal_token import md5

Answer = tuple[int, Any]
"""The status, and the JSON document or the first line of the body."""

AT = 1_795_262_400
_PLAYED = (("Northern Light", AT), ("Paper Boats", AT + 300), ("Slow River", AT + 600))
_OWN = frozenset({"key", "message"})
"""What each server makes or words itself."""


@dataclass(frozen=True, slots=True)
class Call:
    """`path` is below the protocol's root. A form is sent by POST, unless `method` is GET."""

    protocol: str
    name: str
    path: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def title(self) -> str:
        return f"{self.protocol}: {self.name}"


@dataclass(frozen=True, slots=True)
class Player:
    """What a player is configured with, and the session that a server gave it."""

    user: str
    token: str
    api_key: str
    secret: str
    now: int

    def listenbrainz(self) -> Iterator[Call]:
        """Calls that need nothing from an earlier one."""
        ours = {"authorization": f"Token {self.token}"}
        listens = [_listen(title, at) for title, at in _PLAYED]
        for name, document in (
            ("single", {"listen_type": "single", "payload": listens[:1]}),
            ("single again", {"listen_type": "single", "payload": listens[:1]}),
            ("import", {"listen_type": "import", "payload": listens[1:]}),
            ("import again", {"listen_type": "import", "payload": listens}),
            (
                "playing now",
                {"listen_type": "playing_now", "payload": [{"track_metadata": _track("Dawn")}]},
            ),
            ("no payload", {"listen_type": "single"}),
            ("no artist", {"listen_type": "single", "payload": [_without_artist()]}),
        ):
            yield _submission(name, json.dumps(document), ours)
        single = json.dumps({"listen_type": "single", "payload": listens[:1]})
        yield _submission("lower case", single, {"authorization": f"token {self.token}"})
        yield _submission("no token", single, {})
        yield _submission("unknown token", single, {"authorization": "Token fake-token"})
        yield _submission("no JSON", "{", ours)
        for name, headers in (
            ("valid token", ours),
            ("invalid token", {"authorization": "Token fake-token"}),
            ("validation without token", {}),
        ):
            yield Call("ListenBrainz", name, "/1/validate-token", "GET", headers)

    def sign_in(self, password: str = "") -> Call:
        given = {"username": self.user, "password": password or self.token}
        name = "wrong password" if password else "session by password"
        return self._lastfm(name, "auth.getMobileSession", given)

    def sign_in_by_digest(self) -> Call:
        digest = md5(self.user + md5(self.token))
        given = {"username": self.user, "authToken": digest}
        return self._lastfm("session by digest", "auth.getMobileSession", given)

    def lastfm(self, session: str) -> Iterator[Call]:
        one = {"artist": "The Lanterns", "track": "Harbour", "timestamp": str(AT + 900)}
        yield self._lastfm("scrobble", "track.scrobble", {**one, "sk": session})
        yield self._lastfm("scrobble again", "track.scrobble", {**one, "sk": session})
        many = {
            f"{field}[{place}]": value
            for place, (title, at) in enumerate(_PLAYED)
            for field, value in (
                ("artist", "The Lanterns"),
                ("track", title),
                ("timestamp", str(at)),
            )
        }
        yield self._lastfm("scrobbles", "track.scrobble", {**many, "sk": session})
        yield self._lastfm("unknown session", "track.scrobble", {**one, "sk": "0" * 32})
        yield self._lastfm("no session", "track.scrobble", one)
        yield self._lastfm("no such method", "track.dance", {})
        yield self._lastfm("no user", "auth.getMobileSession", {"password": self.token})

    def handshake(self, password: str = "") -> Call:
        moment = str(self.now)
        query = {
            "hs": "true",
            "p": "1.2.1",
            "c": "tst",
            "v": "1.0",
            "u": self.user,
            "t": moment,
            "a": md5(md5(password or self.token) + moment),
        }
        name = "wrong handshake" if password else "handshake"
        return Call("AudioScrobbler", name, f"/?{urlencode(query)}", "GET")

    def audioscrobbler(self, session: str, paths: Mapping[str, str]) -> Iterator[Call]:
        """`paths` are those of `now playing` and `submission`."""
        sent = {"a[0]": "The Lanterns", "t[0]": "Quay", "i[0]": str(AT + 1200), "l[0]": "200"}
        playing = {"a": "The Lanterns", "t": "Dawn"}
        for name, given, key in (
            ("now playing", playing, session),
            ("now playing, unknown session", playing, "0" * 32),
            ("submission", sent, session),
            ("submission again", sent, session),
            ("submission, unknown session", sent, "0" * 32),
        ):
            path = paths["submission" if name.startswith("submission") else "now playing"]
            yield _form("AudioScrobbler", name, path, {**given, "s": key})

    def _lastfm(self, name: str, method: str, given: Mapping[str, str]) -> Call:
        params = {"method": method, "api_key": self.api_key, **given}
        signature = md5("".join(key + params[key] for key in sorted(params)) + self.secret)
        return _form("Last.fm", name, "/2.0/", {**params, "api_sig": signature, "format": "json"})


def contains(ours: Any, theirs: Any) -> bool:
    """Whether our answer has all that theirs has. Texts of errors are each server's own."""
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and all(
            name in ours and (_is_own(name, value) or contains(ours[name], value))
            for name, value in theirs.items()
        )
    return bool(ours == theirs)


def _is_own(name: str, value: Any) -> bool:
    return name in _OWN or (name == "error" and isinstance(value, str))


def _submission(name: str, body: str, headers: Mapping[str, str]) -> Call:
    as_json = {"content-type": "application/json", **headers}
    return Call("ListenBrainz", name, "/1/submit-listens", "POST", as_json, body)


def _form(protocol: str, name: str, path: str, given: Mapping[str, str]) -> Call:
    as_form = {"content-type": "application/x-www-form-urlencoded"}
    return Call(protocol, name, path, "POST", as_form, urlencode(given))


def _track(title: str) -> dict[str, Any]:
    return {"artist_name": "The Lanterns", "track_name": title}


def _listen(title: str, at: int) -> dict[str, Any]:
    return {"listened_at": at, "track_metadata": _track(title)}


def _without_artist() -> dict[str, Any]:
    return {"listened_at": AT, "track_metadata": {"track_name": "Dawn"}}
