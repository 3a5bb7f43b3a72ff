"""A listener's player, which speaks one of the protocols for submissions over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.failure import CommandFailedError
from topk.domain.account.personal_token import md5

PROTOCOLS = ("listenbrainz", "lastfm", "audioscrobbler")
_BATCHES = {"listenbrainz": 1000, "lastfm": 50, "audioscrobbler": 50}


@dataclass(frozen=True, slots=True)
class Listened:
    """A song that began at `at` (epoch seconds) and was played for `played` of `seconds`.

    `counts`: it was played long enough to count as a play.
    """

    at: int
    title: str
    artist: str
    seconds: int
    played: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Player:
    """`api` is the address of the API, `token` a personal token, and `app` a tenant's application
    of the Last.fm protocol.
    """

    http: httpx2.Client
    api: str
    user: str
    token: str
    app: Mapping[str, str]
    protocol: str

    def push(self, listened: Sequence[Listened], *, now: int) -> None:
        """Push what was played by `now`. Raises CommandFailedError if something is refused."""
        size = _BATCHES[self.protocol]
        for first in range(0, len(listened), size):
            batch = listened[first : first + size]
            match self.protocol:
                case "listenbrainz":
                    self._listenbrainz(batch)
                case "lastfm":
                    # A player of this protocol leaves out what was skipped: it cannot say so.
                    self._lastfm([one for one in batch if one.counts])
                case _:
                    self._audioscrobbler(batch, now)

    def _listenbrainz(self, batch: Sequence[Listened]) -> None:
        payload = [
            {
                "listened_at": one.at,
                "track_metadata": {
                    "track_name": one.title,
                    "artist_name": one.artist,
                    "additional_info": {"duration": one.seconds, "duration_played": one.played},
                },
            }
            for one in batch
        ]
        answer = self.http.post(
            f"{self.api}/1/submit-listens",
            headers={"authorization": f"Token {self.token}"},
            json={"listen_type": "import", "payload": payload},
        )
        skipped = [place for place, one in enumerate(batch) if not one.counts]
        found = self._json(answer)
        if [one["index"] for one in found.get("rejected", [])] != skipped:
            raise CommandFailedError(f"{self.user}: {found}")

    def _lastfm(self, batch: Sequence[Listened]) -> None:
        if not batch:
            return
        given = {"username": self.user, "password": self.token}
        session = self._called({"method": "auth.getMobileSession", **given})["session"]
        params = {"method": "track.scrobble", "sk": session["key"]}
        for place, one in enumerate(batch):
            params |= {
                f"artist[{place}]": one.artist,
                f"track[{place}]": one.title,
                f"timestamp[{place}]": str(one.at),
                f"duration[{place}]": str(one.seconds),
            }
        found = self._called(params)["scrobbles"]["@attr"]
        if found != {"accepted": len(batch), "ignored": 0}:
            raise CommandFailedError(f"{self.user}: {found}")

    def _called(self, given: Mapping[str, str]) -> Any:
        params = {"api_key": self.app["lastfm_api_key"], **given}
        signed = "".join(name + params[name] for name in sorted(params))
        signature = md5(signed + self.app["lastfm_shared_secret"])
        form = {**params, "api_sig": signature, "format": "json"}
        return self._json(self.http.post(f"{self.api}/2.0/", data=form))

    def _audioscrobbler(self, batch: Sequence[Listened], now: int) -> None:
        answer = self.http.get(
            f"{self.api}/audioscrobbler/",
            params={
                "hs": "true",
                "p": "1.2.1",
                "c": "tst",
                "v": "1.0",
                "u": self.user,
                "t": str(now),
                "a": md5(md5(self.token) + str(now)),
            },
        )
        lines = self._text(answer).splitlines()
        if lines[:1] != ["OK"]:
            raise CommandFailedError(f"{self.user}: {lines[:1]}")
        form = {"s": lines[1]}
        for place, one in enumerate(batch):
            form |= {
                f"a[{place}]": one.artist,
                f"t[{place}]": one.title,
                f"i[{place}]": str(one.at),
                f"o[{place}]": "L",
                f"r[{place}]": "" if one.counts else "S",
                f"l[{place}]": str(one.seconds),
            }
        found = self._text(self.http.post(f"{self.api}/audioscrobbler/protocol_1.2", data=form))
        if found != "OK\n":
            raise CommandFailedError(f"{self.user}: {found}")

    def _json(self, answer: httpx2.Response) -> Any:
        self._text(answer)
        return answer.json()

    def _text(self, answer: httpx2.Response) -> str:
        if not answer.is_success:
            raise CommandFailedError(f"{self.user}: a push answered {answer.status_code}")
        return answer.text
