"""What users do about what is known of them: hide, withdraw, delete, and have themselves erased."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.chaos_run.api import Api
from cli.chaos_run.course import Course
from cli.chaos_run.events import told
from cli.chaos_run.people import People
from cli.chaos_run.plan import HOUR
from cli.chaos_run.wishes import Wishes
from simulator.dice import Dice
from simulator.population import Listener
from topk.domain.owner import Owner

_FROM, _TO = 2 * HOUR, 28 * HOUR
_STAYS = (HOUR, 24 * HOUR)
_AGAIN = (60.0, 900.0)
_ACTS, _CHANGES_MIND, _AT_ONCE = 0.8, 0.5, 0.5
_HASTE = (0.0, 20.0)
"""Half of those who leave for good do so as soon as they have connected an account."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """Everybody acts until `end` (epoch seconds), and tries again until they are heard.

    Where there is a `parting`, all have themselves erased as soon as they came.
    """

    course: Course
    api: Api
    people: People
    wishes: Wishes
    dice: Dice
    end: float
    parting: bool

    def settle(self, listener: Listener) -> None:
        owner = Owner(listener.tenant, listener.user)
        act = self.dice.pick((self._hide, self._withdraw, self._delete, self._leave))
        at_once = act == self._leave and self.dice.chance(_AT_ONCE)
        if not (self.parting or self.dice.chance(_ACTS)):
            return
        if self.parting or at_once:
            self.people.arrivals[owner] = lambda: self._leave(owner, *_HASTE)
        else:
            self.course.spawn(lambda: act(owner, _FROM, _TO))

    def _hide(self, owner: Owner, soonest: float, latest: float) -> None:
        self._wait(soonest, latest)
        if (shown := self._song_of(owner)) is None:
            return
        song, song_id = self.wishes.song(shown), shown["song_id"]
        path = "/v1/me/hidden/songs/{song_id}"
        if self._insist("account", "PUT", path, owner, song_id=song_id):
            self.wishes.hidden[owner][song] = self.course.now
            self.people.gather(owner)
        self._wait(*_STAYS)
        if self.dice.chance(_CHANGES_MIND):
            self.wishes.hidden[owner].pop(song, None)
            self._insist("account", "DELETE", path, owner, song_id=song_id)

    def _withdraw(self, owner: Owner, soonest: float, latest: float) -> None:
        self._wait(soonest, latest)
        if self._insist("account", "PATCH", "/v1/me", owner, body='{"visibility": "private"}'):
            self.wishes.private[owner] = self.course.now
            self.people.gather(owner)
        self._wait(*_STAYS)
        if self.dice.chance(_CHANGES_MIND):
            self.wishes.private.pop(owner, None)
            self._insist("account", "PATCH", "/v1/me", owner, body='{"visibility": "followers"}')

    def _delete(self, owner: Owner, soonest: float, latest: float) -> None:
        self._wait(soonest, latest)
        if (shown := self._song_of(owner)) is None:
            return
        path, song = "/v1/me/plays/songs/{song_id}", self.wishes.song(shown)
        asked = []

        def ask() -> dict[str, Any]:
            asked.append(int(self.course.now))
            song_id = shown["song_id"]
            return self.api.call(
                "privacy", "DELETE", path, owner, at=self.course.now, song_id=song_id
            )

        if self._until_heard(ask):
            self.wishes.deleted[owner].append((song, asked[-1]))

    def _leave(self, owner: Owner, soonest: float, latest: float) -> None:
        """Whatever they had begun is still under way."""
        self._wait(soonest, latest)
        self.people.leave(owner)
        answer = self._insist("privacy", "DELETE", "/v1/me", owner)
        if answer:
            self.wishes.erased[owner] = self.course.now
            self.wishes.receipts[owner] = told(answer)["receipt"]
            self.people.gather(owner)

    def _song_of(self, owner: Owner) -> dict[str, Any] | None:
        """One that stands high on their list."""
        answer = self._insist("read", "GET", "/v1/me/top", owner)
        songs = told(answer)["songs"] if answer else []
        return self.dice.pick(songs[:3]) if songs else None

    def _insist(
        self, function: str, method: str, path: str, owner: Owner, **parts: Any
    ) -> dict[str, Any] | None:
        return self._until_heard(lambda: self.api.call(function, method, path, owner, **parts))

    def _until_heard(self, ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """The answer; None where none was given by the end."""
        while self.course.now < self.end:
            answer = ask()
            if answer["statusCode"] < httpx2.codes.BAD_REQUEST:
                return answer
            self._wait(*_AGAIN)
        return None

    def _wait(self, shortest: float, longest: float) -> None:
        self.course.pause(self.dice.between(shortest, longest))
