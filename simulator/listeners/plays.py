"""One play, and when its provider knows it."""

from typing import NamedTuple

from simulator.listeners.catalogue import Song

SHORTEST_MS = 30_000
_LONG_MS = 240_000
"""Played for so long, a song is scrobbled before its half."""


class Play(NamedTuple):
    """One play. Ordered by start.

    `started_at` is in epoch seconds, `ended_ms` in epoch milliseconds, `song` the place in the
    catalogue. `known_at` (epoch seconds) is when the provider knows it, as do the providers that it
    was `scrobbled_to`, which report the same play. It was paused in the middle for `paused`
    seconds; `song_ms` is the length of the whole song, 0 where it does not matter.
    """

    started_at: int
    song: int
    provider: str
    ended_ms: int
    known_at: float
    scrobbled_to: tuple[str, ...] = ()
    paused: int = 0
    song_ms: int = 0

    @property
    def played_ms(self) -> int:
        """The time without the pause."""
        return self.ended_ms - (self.started_at + self.paused) * 1000

    @property
    def counts(self) -> bool:
        """Whether it lasted long enough to count as a play."""
        return self.played_ms >= SHORTEST_MS

    @property
    def is_scrobbled(self) -> bool:
        """Whether half of the song was played, or four minutes, so that scrobblers have it."""
        return self.counts and self.played_ms >= min(self.song_ms / 2, _LONG_MS)

    @property
    def is_plain(self) -> bool:
        """Whether the whole song was played without a pause, so that its end tells its start."""
        return not self.paused and self.played_ms >= self.song_ms

    @property
    def resumed_at(self) -> int:
        """When it was resumed after the pause, in epoch seconds."""
        return self.started_at + self.played_ms // 2000 + self.paused


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
    return Play(started_at, song.index, provider, ended_ms, known_at, song_ms=song.duration_ms)
