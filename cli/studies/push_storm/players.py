"""Players of one user, which push the same plays by every protocol until each call is accepted."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from cli.in_memory.api import Api
from cli.in_memory.events import json_body
from simulator.listeners.dice import Dice
from simulator.scheduler import Scheduler
from topk.domain.account.personal_token import md5
from topk.domain.owner import Owner

_T = TypeVar("_T")

DAYS = 34
"""Within the retention of plays, with a margin."""
SHORTEST_GAP = 60
"""Seconds between two plays, so that no play of a song is a repeat of another."""
_SONGS = 400
_BATCHES = (1, 50, 1000)
"""The largest batches: a single play, and those of Last.fm and ListenBrainz."""
_AGAIN = 0.3
"""The chance that a call which was accepted is sent again."""
_OVERLAP = 0.2
"""The chance that a call also brings a part of another."""
_PAUSES = (0.5, 4.0)
"""Seconds between two calls. Below the limit of calls."""


@dataclass(frozen=True, slots=True, order=True)
class Listened:
    """A song that began at `at` (epoch seconds)."""

    at: int
    title: str
    artist: str = "The Lanterns"


def listening(dice: Dice, number: int, *, until: int) -> list[Listened]:
    """`number` plays of the days before `until`, in order of time.

    Raises ValueError if a listener has no time for as many.
    """
    room = DAYS * 86_400 // number
    if room <= SHORTEST_GAP:
        raise ValueError(f"{number} plays do not fit into {DAYS} days")
    moments = range(until - number * room, until, room)
    return [
        Listened(at + dice.whole(0, room - SHORTEST_GAP - 1), f"Song {dice.whole(1, _SONGS)}")
        for at in moments
    ]


@dataclass
class Player:
    """Pushes all of `plays` in batches, in any order, some of them more than once.

    Whatever is not accepted is sent again: a play is lost only if the service lost it.
    """

    owner: Owner
    plays: Sequence[Listened]
    api: Api
    scheduler: Scheduler
    dice: Dice
    calls: int = 0
    refused: int = 0
    done: bool = False
    _sent: dict[str, Callable[[Sequence[Listened]], bool]] = field(default_factory=dict)

    def run(self) -> None:
        token = self._until(self._token)
        app = self._until(self._app)
        key = self._until(lambda: self._session(app, token))
        self._sent = {
            "listenbrainz": lambda plays: self._listenbrainz(token, plays),
            "lastfm": lambda plays: self._lastfm(app, key, plays),
            "audioscrobbler": lambda plays: self._audioscrobbler(key, plays),
        }
        waiting = self._batches()
        while waiting:
            self._pause()
            batch = waiting.pop(self.dice.whole(0, len(waiting) - 1))
            if not self._push(batch) or self.dice.chance(_AGAIN):
                waiting.append(self.dice.shuffled(batch))
        self.done = True

    def _batches(self) -> list[list[Listened]]:
        left = self.dice.shuffled(self.plays)
        found: list[list[Listened]] = []
        while left:
            size = self.dice.whole(1, self.dice.pick(_BATCHES))
            batch, left = left[:size], left[size:]
            if found and self.dice.chance(_OVERLAP):
                batch = [*batch, *self.dice.pick(found)[: max(1, size // 2)]][: max(_BATCHES)]
            found.append(batch)
        return found

    def _push(self, batch: Sequence[Listened]) -> bool:
        small = len(batch) <= _BATCHES[1]
        protocol = self.dice.pick(tuple(self._sent)) if small else "listenbrainz"
        self.calls += 1
        accepted = self._sent[protocol](batch)
        self.refused += not accepted
        return accepted

    def _listenbrainz(self, token: str, plays: Sequence[Listened]) -> bool:
        listens = [
            {
                "listened_at": one.at,
                "track_metadata": {"track_name": one.title, "artist_name": one.artist},
            }
            for one in plays
        ]
        answer = self.api.call(
            "scrobble",
            "POST",
            "/1/submit-listens",
            tenant=self.owner.tenant,
            headers={"authorization": f"Token {token}"},
            body=json.dumps({"listen_type": "import", "payload": listens}),
        )
        return _is_success(answer) and bool(json_body(answer) == {"status": "ok"})

    def _lastfm(self, app: dict[str, str], key: str, plays: Sequence[Listened]) -> bool:
        params = {"method": "track.scrobble", "sk": key}
        for index, one in enumerate(plays):
            params |= {
                f"artist[{index}]": one.artist,
                f"track[{index}]": one.title,
                f"timestamp[{index}]": str(one.at),
            }
        answer = self._called(app, params)
        accepted = json_body(answer)["scrobbles"]["@attr"] if _is_success(answer) else {}
        return accepted == {"accepted": len(plays), "ignored": 0}

    def _audioscrobbler(self, key: str, plays: Sequence[Listened]) -> bool:
        params = {"s": key}
        for index, one in enumerate(plays):
            params |= {
                f"a[{index}]": one.artist,
                f"t[{index}]": one.title,
                f"i[{index}]": str(one.at),
            }
        path = "/audioscrobbler/protocol_1.2"
        answer = self.api.call(
            "scrobble", "POST", path, tenant=self.owner.tenant, body=urlencode(params)
        )
        return _is_success(answer) and answer["body"] == "OK\n"

    def _token(self) -> str:
        answer = self.api.call(
            "scrobble", "POST", "/v1/me/tokens", self.owner, body='{"name": "Player"}'
        )
        return str(json_body(answer).get("token", ""))

    def _app(self) -> dict[str, str]:
        shown = json_body(self.api.call("scrobble", "GET", "/v1/me/tokens", self.owner))
        if "lastfm_api_key" not in shown:
            return {}
        return {"key": shown["lastfm_api_key"], "secret": shown["lastfm_shared_secret"]}

    def _session(self, app: dict[str, str], token: str) -> str:
        params = {
            "method": "auth.getMobileSession",
            "username": self.owner.user,
            "authToken": md5(self.owner.user + md5(token)),
        }
        answer = self._called(app, params)
        return str(json_body(answer)["session"]["key"]) if _is_success(answer) else ""

    def _called(self, app: dict[str, str], params: dict[str, str]) -> dict[str, Any]:
        signed = {**params, "api_key": app["key"]}
        text = "".join(name + signed[name] for name in sorted(signed))
        sent = {**signed, "api_sig": md5(text + app["secret"]), "format": "json"}
        return self.api.call(
            "scrobble", "POST", "/2.0", tenant=self.owner.tenant, body=urlencode(sent)
        )

    def _until(self, work: Callable[[], _T]) -> _T:
        while not (found := work()):
            self._pause()
        return found

    def _pause(self) -> None:
        self.scheduler.pause(self.dice.between(*_PAUSES))


def _is_success(answer: dict[str, Any]) -> bool:
    return bool(answer["statusCode"] == 200)
