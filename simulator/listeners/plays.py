"""One play, and when its provider knows it."""

from typing import NamedTuple

from simulator.listeners.catalogue import Song

SHORTEST_MS = 30_000


class Play(NamedTuple):
    """One play. Ordered by start.

    `started_at` is in epoch seconds, `ended_ms` in epoch milliseconds, `song` the place in the
    catalogue. `known_at` (epoch seconds) is when the provider knows it, as do the providers that it
    was `scrobbled_to`, which report the same play.
    """

    started_at: int
    song: int
    provider: str
    ended_ms: int
    known_at: float
    scrobbled_to: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it lasted long enough to count as a play."""
        return self.ended_ms - self.started_at * 1000 >= SHORTEST_MS


_IN_2099 = 4_070_908_800


def wrong(play: Play) -> int:
    """A start in 2099, in epoch seconds, for an entry that is no play."""
    return _IN_2099 + play.started_at % 10**6


def known_from(provider: str, started_at: int, ended_ms: int) -> float:
    """When a provider knows an online play: YouTube at its start, the others at its end."""
    return started_at if provider == "youtube" else ended_ms / 1000


def whole_play(provider: str, song: Song, started_at: int) -> Play:
    """The song from beginning to end, online."""
    ended_ms = started_at * 1000 + song.duration_ms
    known_at = known_from(provider, started_at, ended_ms)
    return Play(started_at, song.index, provider, ended_ms, known_at)
