"""A simple client of all simulated providers: it polls, retries, and keeps what it gets.

It knows how providers behave, and nothing of the world's habits or plays.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from simulator.clock import Clock
from tests.simulator.developers import (
    CHALLENGE,
    CLIENT,
    HISTORY,
    PORTABILITY,
    REDIRECT,
    VERIFIER,
    Developer,
    Team,
    bearer,
    unpacked,
)

T = TypeVar("T")
DAY = 86_400
TRIES = 4
KEY, SECRET = "fake-lastfm-key", "fake-lastfm-secret"
_OAUTH = {
    "listenbrainz": ("/listenbrainz/accounts/oauth2/", "profile"),
    "partner": ("/partner/accounts/", "listens:read"),
}


def _milliseconds(track: dict[str, Any]) -> float:
    told = track["duration_ms"]
    return float(told["totalMilliseconds"] if isinstance(told, dict) else told)


def _is_readable(name: str | None) -> bool:
    """Whether a field is there, and no half of a surrogate pair."""
    return name is not None and name.isprintable()


class RefusedError(Exception):
    """The provider will not let us read this account."""


@dataclass
class Told:
    """The reported starts of each song's plays, by song key and provider.

    `ends` are those of Spotify as if its stamps were starts.
    """

    starts: dict[str, dict[str, set[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    stamps: dict[tuple[str, int], int] = field(default_factory=dict)

    def counted(self, first: float, last: float) -> dict[str, int]:
        found = {song: self._counted(song, first, last) for song in self.starts}
        return {song: count for song, count in found.items() if count}

    def _counted(self, song: str, first: float, last: float) -> int:
        """Reports within half a minute of one provider, or ten seconds of two, are of one play."""
        plays: list[tuple[int, int]] = []
        by_provider = self.starts[song]
        for provider in sorted(by_provider, key=lambda name: name == "spotify"):
            known = list(plays)
            before = -DAY
            for start in sorted(by_provider[provider]):
                if start - before < 30 and provider != "apple_music":
                    continue
                before = start
                stamp = self.stamps.get((song, start), start) if provider == "spotify" else start
                if provider == "apple_music" or not self._is_known(start, stamp, known):
                    plays.append((start, stamp))
        return sum(first <= start < last for start, _ in plays)

    @staticmethod
    def _is_known(start: int, stamp: int, known: Iterable[tuple[int, int]]) -> bool:
        return any(abs(other - moment) <= 10 for other, _ in known for moment in (start, stamp))


class Poller:
    """For one listener. `key` maps a provider's name of a song to the song."""

    def __init__(
        self, browser: TestClient, clock: Clock, key: Callable[[str, str], str | None]
    ) -> None:
        self._browser = browser
        self._clock = clock
        self._key = key
        self._team = Team(browser, ECKey.generate_key("P-256"))
        self.told = Told()
        self.polls: dict[str, list[float]] = defaultdict(list)
        self.refused: set[str] = set()
        self._listed: dict[str, tuple[list[str], float]] = {}
        self._read: dict[str, Callable[[str, float], None]] = {
            "spotify": self._spotify,
            "apple_music": self._apple,
            "youtube": self._youtube,
            "lastfm": self._lastfm,
            "listenbrainz": self._listenbrainz,
            "partner": self._partner,
        }

    def poll(self, provider: str, account: str, now: float) -> None:
        self._clock.set(now, running=False)
        if provider in self.refused:
            return
        try:
            self._read[provider](account, now)
        except RefusedError:
            self.refused.add(provider)
        else:
            self.polls[provider].append(now)

    def _ask(self, ask: Callable[[], Any], wanted: str) -> Any:
        """The JSON of an answer that holds `wanted`, from one of a few tries."""
        refused = 0
        for _ in range(TRIES):
            try:
                answer = ask()
                refused += answer.status_code == 403 and "not registered" in answer.text
                if refused == TRIES:
                    raise RefusedError
                found = answer.json()
            except (ConnectionResetError, ValueError):
                continue
            if answer.status_code == 200 and (wanted in found or isinstance(found, list)):
                return found
        raise AssertionError(f"no {wanted} in {TRIES} tries")

    def _tell(self, provider: str, name: str, start: int, now: float) -> None:
        song = self._key(provider, name)
        if song is not None and start <= now:
            self.told.starts[song][provider].add(start)

    def _connected(self, provider: str, account: str) -> str:
        """An access token; a denied consent is requested once more."""
        developer = Developer(self._browser, provider).register()
        for _ in range(2):
            answer = developer.decide(account)
            code = parse_qs(urlsplit(answer.headers["location"]).query).get("code")
            if code:
                return str(developer.redeem(code[0]).json()["access_token"])
        raise AssertionError("denied twice")

    def _spotify(self, account: str, now: float) -> None:
        address: str | None = f"{HISTORY}?limit=50"
        token = self._connected("spotify", account)

        def ask() -> Any:
            nonlocal token
            answer = self._browser.get(str(address), headers=bearer(token))
            if answer.status_code == 401:
                token = self._connected("spotify", account)
            return answer

        while address:
            page = self._ask(ask, "items")
            for item in page["items"]:
                self._tell_item(item, now)
            address = page["next"]

    def _tell_item(self, item: Any, now: float) -> None:
        track = item["track"]
        if track is None or not _is_readable(track["name"]):
            return
        stamp = round(datetime.fromisoformat(item["played_at"]).timestamp())
        if stamp > now:
            return
        start = round(
            datetime.fromisoformat(item["played_at"]).timestamp() - _milliseconds(track) / 1000
        )
        name = track["id"] or f"{track['artists'][0]['name']}/{track['name']}"
        self._tell("spotify", name, start, now)
        song = self._key("spotify", name)
        if song:
            self.told.stamps[song, start] = stamp

    def _apple(self, account: str, now: float) -> None:
        team = Team.registered(self._browser)
        token = team.token(int(now))
        user_token = team.authorize(token, account).json()["music_user_token"]
        listed: list[str] = []
        query: str | None = "?limit=30"
        while query:
            page = self._ask(partial(team.tracks, token, user_token, query), "data")
            listed += [track["id"] for track in page["data"]]
            query = "?" + page["next"].partition("?")[2] + "&limit=30" if "next" in page else None
        before = self._listed.get(account)
        if before is None:
            self._listed[account] = listed, now
            return
        if is_older(listed, before[0]):
            return
        for song in listed[: least_played(before[0], listed)]:
            self._tell("apple_music", song, int(before[1]), now)
        self._listed[account] = listed, now

    def _youtube(self, account: str, now: float) -> None:
        header = bearer(self._connected("youtube", account))
        since = datetime.fromtimestamp(now - 8 * DAY, UTC).isoformat()
        body = {"resources": ["myactivity.youtube"], "startTime": since}
        path = f"{PORTABILITY}/portabilityArchive:initiate"
        begun = self._ask(
            lambda: self._browser.post(path, json=body, headers=header), "archiveJobId"
        )
        state = f"{PORTABILITY}/archiveJobs/{begun['archiveJobId']}/portabilityArchiveState"
        for _ in range(8):
            found = self._ask(lambda: self._browser.get(state, headers=header), "state")
            if found["state"] == "COMPLETE":
                break
        for record in unpacked(self._browser.get(found["urls"][0]).content):
            if record["header"] == "YouTube Music" and _is_readable(record["titleUrl"]):
                video = record["titleUrl"].rpartition("=")[2]
                start = round(datetime.fromisoformat(record["time"]).timestamp())
                self._tell("youtube", video, start, now)

    def _lastfm(self, account: str, now: float) -> None:
        app = {"api_key": KEY, "shared_secret": SECRET, "redirect_uris": [REDIRECT]}
        self._browser.put("/world/apps/lastfm", json=app)
        answer = {"api_key": KEY, "cb": REDIRECT, "account": account, "decision": "allow"}
        back = self._browser.post("/lastfm/accounts/api/auth/", data=answer)
        token = parse_qs(urlsplit(back.headers["location"]).query)["token"][0]
        session = self.signed(method="auth.getSession", token=token).json()["session"]
        page, pages = 1, 1
        asked = {"method": "user.getrecenttracks", "user": session["name"], "sk": session["key"]}
        asked |= {"limit": "200", "from": str(int(now - 8 * DAY))}
        while page <= pages:
            found = self._ask(partial(self.signed, **asked, page=str(page)), "recenttracks")
            tracks = found["recenttracks"]["track"]
            for track in tracks if isinstance(tracks, list) else [tracks]:
                if "date" in track and _is_readable(track["name"]):
                    path = track["url"].removeprefix("https://www.last.fm")
                    self._tell("lastfm", path, int(track["date"]["uts"]), now)
            pages = int(found["recenttracks"]["@attr"]["totalPages"])
            page += 1

    def signed(self, **asked: str) -> Any:
        asked |= {"api_key": KEY}
        text = "".join(name + asked[name] for name in sorted(asked)) + SECRET
        signature = hashlib.md5(text.encode()).hexdigest()
        query = asked | {"api_sig": signature, "format": "json"}
        return self._browser.get("/lastfm/api/2.0/", params=query)

    def _by_code(self, provider: str, account: str) -> dict[str, Any]:
        """A token answer of those whose code flow is plain."""
        base, scope = _OAUTH[provider]
        self._browser.put(f"/world/apps/{provider}", json={**CLIENT, "redirect_uris": [REDIRECT]})
        asked = {
            "client_id": CLIENT["client_id"],
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": scope,
            "state": "fake-state-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "access_type": "offline",
        }
        for _ in range(2):
            decided = asked | {"account": account, "decision": "allow"}
            back = self._browser.post(f"{base}authorize", data=decided)
            code = parse_qs(urlsplit(back.headers["location"]).query).get("code")
            if code:
                break
        terms = {"code": (code or [""])[0], "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        redeemed = CLIENT | {"grant_type": "authorization_code"} | terms
        answer: dict[str, Any] = self._browser.post(f"{base}token", data=redeemed).json()
        return answer

    def _listenbrainz(self, account: str, now: float) -> None:
        header = bearer(self._by_code("listenbrainz", account)["access_token"])
        user = self._browser.get("/listenbrainz/accounts/oauth2/userinfo", headers=header).json()
        path = f"/listenbrainz/api/1/user/{user['sub']}/listens"
        after = int(now - 8 * DAY)
        while True:
            query = {"count": "100", "min_ts": str(after)}
            found = self._ask(
                partial(self._browser.get, path, params=query, headers=header), "payload"
            )["payload"]["listens"]
            for listen in found:
                if not _is_readable(listen["track_metadata"]["track_name"]):
                    continue
                track = listen["track_metadata"]["additional_info"]["origin_url"].rpartition("/")[2]
                self._tell("listenbrainz", track, listen["listened_at"], now)
            if not found:
                return
            after = found[0]["listened_at"]

    def _partner(self, account: str, now: float) -> None:
        token = self._by_code("partner", account)
        header = bearer(token["access_token"])
        path = f"/partner/api/third_party/{token['user_id']}/listen"
        query = {"since": str(int(now - 8 * DAY)), "per_page": "50"}
        while True:
            page = self._ask(
                partial(self._browser.get, path, params=query, headers=header), "listens"
            )
            for listen in page["listens"]:
                if _is_readable(listen["track"]["title"]):
                    self._tell("partner", listen["track"]["id"], listen["listened_at"], now)
            if not page["next_cursor"]:
                return
            query["cursor"] = page["next_cursor"]


def least_played(before: Sequence[T], after: Sequence[T]) -> int:
    """How many leading entries of `after` were played since `before`, at least."""
    for count in range(len(after)):
        rest = [song for song in before if song not in after[:count]]
        if [*after[:count], *rest][:60] == list(after):
            return count
    return len(after)


def is_older(listed: Sequence[T], than: Sequence[T]) -> bool:
    """Whether a list must be from before another: it lacks some of it, though it has room; or,
    where it is full, nothing stands as it stood, and that one follows from it by fewer plays."""
    if set(than) <= set(listed):
        return False
    played = least_played(than, listed)
    return len(listed) < 50 or (played == len(listed) and least_played(listed, than) < played)
