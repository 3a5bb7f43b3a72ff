"""Users who change their privacy: hide songs, go private, delete plays, or delete their account."""

from dataclasses import dataclass
from typing import Any

from cli.in_memory.api import Api
from cli.in_memory.events import json_body
from cli.studies.chaos.oracle.privacy_oracle import PrivacyOracle
from cli.studies.chaos.oracle.viewers import Viewers
from cli.studies.chaos.pace import Answer, Pace
from cli.studies.chaos.people import People
from cli.studies.chaos.plan import HOUR
from simulator.listeners.population import Listener
from topk.domain.owner import Owner

_FROM, _TO = 2 * HOUR, 28 * HOUR
_STAYS = (HOUR, 24 * HOUR)
_AGAIN = (60.0, 900.0)
_ACTS, _CHANGES_MIND, _AT_ONCE = 0.8, 0.5, 0.5
_HASTE = (0.0, 20.0)
"""Half of those who delete their account do so as soon as they have connected a provider."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """Users repeat each request until it succeeds, on `pace`.

    If `parting`, all users delete their account as soon as they have joined.
    """

    pace: Pace
    api: Api
    people: People
    viewers: Viewers
    oracle: PrivacyOracle
    parting: bool

    def start(self, listener: Listener) -> None:
        """Starts the activity of `listener`."""
        owner = Owner(listener.tenant, listener.user)
        act = self.pace.dice.pick((self._hide, self._go_private, self._delete, self._leave))
        at_once = act == self._leave and self.pace.dice.chance(_AT_ONCE)
        if not (self.parting or self.pace.dice.chance(_ACTS)):
            return
        if self.parting or at_once:
            self.people.arrivals[owner] = lambda: self._leave(owner, *_HASTE)
        else:
            self.pace.scheduler.spawn(lambda: act(owner, _FROM, _TO))

    def _hide(self, owner: Owner, soonest: float, latest: float) -> None:
        self.pace.wait(soonest, latest)
        if (shown := self._song_of(owner)) is None:
            return
        song, song_id = self.oracle.song(shown), shown["song_id"]
        path = "/v1/me/hidden/songs/{song_id}"
        if self._repeat("account", "PUT", path, owner, song_id=song_id):
            self.oracle.hidden[owner][song] = self.pace.scheduler.now
            self.oracle.hidden_ids[owner][song_id] = self.pace.scheduler.now
            self.viewers.view_soon(owner)
        self.pace.wait(*_STAYS)
        if self.pace.dice.chance(_CHANGES_MIND):
            self.oracle.hidden[owner].pop(song, None)
            self.oracle.hidden_ids[owner].pop(song_id, None)
            self._repeat("account", "DELETE", path, owner, song_id=song_id)

    def _go_private(self, owner: Owner, soonest: float, latest: float) -> None:
        self.pace.wait(soonest, latest)
        if self._repeat("account", "PATCH", "/v1/me", owner, body='{"visibility": "private"}'):
            self.oracle.private[owner] = self.pace.scheduler.now
            self.viewers.view_soon(owner)
        self.pace.wait(*_STAYS)
        if self.pace.dice.chance(_CHANGES_MIND):
            self.oracle.private.pop(owner, None)
            self._repeat("account", "PATCH", "/v1/me", owner, body='{"visibility": "followers"}')

    def _delete(self, owner: Owner, soonest: float, latest: float) -> None:
        self.pace.wait(soonest, latest)
        if (shown := self._song_of(owner)) is None:
            return
        path, song = "/v1/me/plays/songs/{song_id}", self.oracle.song(shown)
        asked = []

        def ask() -> Answer:
            asked.append(int(self.pace.scheduler.now))
            song_id = shown["song_id"]
            return self.api.call(
                "privacy", "DELETE", path, owner, at=self.pace.scheduler.now, song_id=song_id
            )

        if self.pace.repeat(owner, ask, _AGAIN):
            self.oracle.deleted[owner].append((song, asked[-1]))

    def _leave(self, owner: Owner, soonest: float, latest: float) -> None:
        """Deletes the account, even while crawls and other requests are running."""
        self.pace.wait(soonest, latest)
        self.people.leave(owner)
        answer = self._repeat("privacy", "DELETE", "/v1/me", owner)
        if answer:
            self.oracle.erased[owner] = self.pace.scheduler.now
            self.oracle.receipts[owner] = json_body(answer)["receipt"]
            self.viewers.view_soon(owner)

    def _song_of(self, owner: Owner) -> dict[str, Any] | None:
        """One of the top three songs on the user's list; None without any."""
        answer = self._repeat("read", "GET", "/v1/me/top", owner)
        songs = json_body(answer)["songs"] if answer else []
        return self.pace.dice.pick(songs[:3]) if songs else None

    def _repeat(
        self, function: str, method: str, path: str, owner: Owner, **parts: Any
    ) -> Answer | None:
        return self.pace.repeat(
            owner, lambda: self.api.call(function, method, path, owner, **parts), _AGAIN
        )
