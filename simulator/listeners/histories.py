"""Every listener's plays."""

from bisect import insort
from collections.abc import Iterable

from simulator.habits import USUALLY, Habits
from simulator.listeners.catalogue import Song
from simulator.listeners.listening import listen
from simulator.listeners.plays import Play
from simulator.listeners.population import Listener


class Histories:
    """Plays are drawn on first use, from the seed, for `days` from the day of `start` (epoch
    seconds)."""

    def __init__(
        self,
        seed: int,
        songs: tuple[Song, ...],
        start: float,
        days: int,
        habits: Habits = USUALLY,
    ) -> None:
        self._seed = seed
        self._songs = songs
        self._start = start
        self._days = days
        self._habits = habits
        self._plays: dict[tuple[str, str], list[Play]] = {}

    def of(self, listener: Listener) -> list[Play]:
        """All past and future plays, ordered by start."""
        key = (listener.tenant, listener.user)
        if key not in self._plays:
            self._plays[key] = listen(
                self._seed, listener, self._songs, self._start, self._days, self._habits
            )
        return self._plays[key]

    def add(self, listener: Listener, plays: Iterable[Play]) -> None:
        """Adds plays to those drawn from the seed."""
        history = self.of(listener)
        for play in plays:
            insort(history, play)
