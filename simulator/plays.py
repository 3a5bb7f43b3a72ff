"""One listening, and when its provider learns of it."""

from typing import NamedTuple

from simulator.catalogue import Song

SHORTEST_MS = 30_000


class Play(NamedTuple):
    """One listening. Ordered by its start.

    `started_at` is in epoch seconds, `ended_ms` in epoch milliseconds, `song` the place in the
    catalogue. `known_at` (epoch seconds) is when the provider has learned of it.
    """

    started_at: int
    song: int
    provider: str
    ended_ms: int
    known_at: float

    @property
    def counts(self) -> bool:
        """Whether it lasted long enough to be a play at all."""
        return self.ended_ms - self.started_at * 1000 >= SHORTEST_MS


def known_from(provider: str, started_at: int, ended_ms: int) -> float:
    """When an online play reaches its provider: YouTube notes the start, the others the end."""
    return started_at if provider == "youtube" else ended_ms / 1000


def whole_play(provider: str, song: Song, started_at: int) -> Play:
    """The song from beginning to end, online."""
    ended_ms = started_at * 1000 + song.duration_ms
    known_at = known_from(provider, started_at, ended_ms)
    return Play(started_at, song.index, provider, ended_ms, known_at)
