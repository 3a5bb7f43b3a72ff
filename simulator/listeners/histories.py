"""Every listener's plays."""

from bisect import insort
from collections.abc import Iterable

from simulator.listeners.catalogue import Song
from simulator.listeners.listening import listen
from simulator.listeners.plays import Play
from simulator.listeners.population import Listener


class Histories:
    """Drawn when first asked for, from the seed and the day of `start` (epoch seconds), for `days`
    from then on."""

    def __init__(self, seed: int, songs: tuple[Song, ...], start: float, days: int) -> None:
        self._seed = seed
        self._songs = songs
        self._start = start
        self._days = days
        self._plays: dict[tuple[str, str], list[Play]] = {}

    def of(self, listener: Listener) -> list[Play]:
        """All plays, past and to come, ordered by their start."""
        key = (listener.tenant, listener.user)
        if key not in self._plays:
            self._plays[key] = listen(self._seed, listener, self._songs, self._start, self._days)
        return self._plays[key]

    def add(self, listener: Listener, plays: Iterable[Play]) -> None:
        """Plays that the seed did not foresee."""
        history = self.of(listener)
        for play in plays:
            insort(history, play)
