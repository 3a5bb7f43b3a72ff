"""What each provider reports before and after a report: the bounds of one listening."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import inf
from typing import NamedTuple

from topk.domain.play import Play, Precision, Started, Track

_LAST_TIMED = Precision.END


class _Runs(NamedTuple):
    """A provider's stamps in order, where consecutive ones of a song are one run."""

    songs: list[int]
    firsts: list[int]
    lasts: list[int]


class Timeline:
    """The stamps of all `songs`, given as the reports of each; read when first asked for."""

    def __init__(self, songs: Sequence[Iterable[Started]] = ()) -> None:
        self._songs = songs

    def next_song(self, play: Play, song: int) -> float:
        """The stamp of the next other song at the provider of `play`, which is of `song`."""
        runs = self._of_provider.get(play.provider)
        if runs is None:
            return inf
        at = bisect_right(runs.firsts, play.listened_at)
        at += at < len(runs.songs) and runs.songs[at] == song
        return runs.firsts[at] if at < len(runs.songs) else inf

    def previous_song(self, play: Play, song: int) -> float:
        """The stamp of the last other song at the provider before `play`, which is of `song`."""
        runs = self._of_provider.get(play.provider)
        if runs is None:
            return -inf
        at = bisect_left(runs.lasts, play.listened_at) - 1
        at -= at >= 0 and runs.songs[at] == song
        return runs.lasts[at] if at >= 0 else -inf

    @cached_property
    def _of_provider(self) -> dict[str, _Runs]:
        stamps: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for song, reports in enumerate(self._songs):
            for _, (provider, _, listened_at, precision) in reports:
                if precision <= _LAST_TIMED:
                    stamps[provider].append((listened_at, song))
        return {provider: _runs(sorted(found)) for provider, found in stamps.items()}


def _runs(stamps: Iterable[tuple[int, int]]) -> _Runs:
    runs = _Runs([], [], [])
    for stamp, song in stamps:
        if runs.songs and runs.songs[-1] == song:
            runs.lasts[-1] = stamp
        else:
            runs.songs.append(song)
            runs.firsts.append(stamp)
            runs.lasts.append(stamp)
    return runs


class Surroundings:
    """What is reported beside the reports of one song: `song` is its place in the timeline."""

    __slots__ = ("_duration", "_song", "_timeline", "_tracks")

    def __init__(self, timeline: Timeline, song: int, tracks: Iterable[Track]) -> None:
        self._timeline = timeline
        self._song = song
        self._tracks = tracks
        self._duration = -1

    @property
    def duration(self) -> int:
        """The least reported duration of the song, in seconds; 0 if there is none."""
        if self._duration < 0:
            known = [track.duration for track in self._tracks if track.duration]
            self._duration = min(known, default=0)
        return self._duration

    def next_song(self, play: Play) -> float:
        """The stamp of the next report of another song at its provider; inf if there is none."""
        return self._timeline.next_song(play, self._song)

    def previous_song(self, play: Play) -> float:
        """The stamp of the last report of another song before; -inf if there is none."""
        return self._timeline.previous_song(play, self._song)
