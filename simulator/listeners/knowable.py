"""The oracle of what can be known: how often each song was played, as far as reports tell.

A source reports a listening from its own view: its start or its end, with or without the duration
of the song, and nothing of pauses. Several sets of listenings explain the same reports. What can be
known is the fewest listenings that explain them all, where

- a listener plays one song at a time, and pauses one for an hour at most;
- each source reports its listenings in their order;
- two reports of one source are one listening if the song could not be played again in between: for
  ends within 30 seconds, the least that counts; for starts, while the song lasts, unless the source
  reports another song in between;
- reports of two sources are one listening if one span explains both: it begins at the reported
  start, ends at the reported end, is no longer than the song and a pause, and neither source
  reports another song within it if there must have been a pause;
- a source that reports ends reports some starts as ends.

A song lasts as long as the shortest duration that is reported of it, or UNKNOWN_DURATION.

It searches all explanations, for few reports, and shares no code with the product's rule. Times
are in seconds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import combinations, product
from typing import NamedTuple

LEAST_HEARD = 30
"""Least seconds of a play that counts, at every provider."""
LONGEST_PAUSE = 3600
LATE = 30
"""How much later than its neighbour's end a source may stamp a play: sources report again."""
SKEW = 10
"""How far two clocks are apart, and the stamps of one moment."""
CROSSFADE = 12
"""Longest overlap of two songs that players offer."""
UNKNOWN_DURATION = 90
"""A song of unknown duration lasts at least so long."""
_NO_DURATIONS: Mapping[int, int] = {}
LEAST_REPORTED, LEAST_AGREEING = 30, 0.9
"""Number of plays, and their share, that two accounts of one listening have in common."""


class Stamp(Enum):
    START = "start"
    END = "end"


class Report(NamedTuple):
    """What `source` says of a play of `song`. `duration` is that of the song, 0 if not reported."""

    at: int
    song: int
    source: str
    stamp: Stamp
    duration: int = 0


def knowable(
    reports: Iterable[Report],
    around: Iterable[Report] = (),
    durations: Mapping[int, int] = _NO_DURATIONS,
) -> Counter[int]:
    """The number of plays that can be known, by song.

    The reports `around` are of other plays, before and after; they bound those of `reports`.
    `durations` (seconds) are by song, from reports without stamps.
    """
    found = _ordered(reports)
    oracle = _Oracle(found, _ordered([*found, *around]), durations)
    return Counter({song: oracle.plays_of(song) for song in {report.song for report in found}})


def is_mirrored(agreeing: int, reported: int) -> bool:
    """Whether an account without times is known to be of the plays that another account reports.

    Of its `reported` plays, `agreeing` are reported there too.
    """
    return reported >= LEAST_REPORTED and agreeing >= LEAST_AGREEING * reported


def _ordered(reports: Iterable[Report]) -> list[Report]:
    return sorted(set(reports), key=lambda report: (report.at, report.source, report.song))


class _Oracle:
    def __init__(
        self,
        reports: Sequence[Report],
        all_reports: Sequence[Report],
        durations: Mapping[int, int],
    ) -> None:
        self._durations: dict[int, set[int]] = defaultdict(set)
        for song, duration in durations.items():
            self._durations[song].add(duration)
        self._of_source: dict[str, list[Report]] = defaultdict(list)
        self._of_song: dict[int, list[Report]] = defaultdict(list)
        for report in all_reports:
            self._of_source[report.source].append(report)
            self._durations[report.song] |= {report.duration} - {0}
        for report in reports:
            self._of_song[report.song].append(report)

    def plays_of(self, song: int) -> int:
        reports = self._of_song[song]
        lasts = min(self._durations[song], default=0)
        return sum(self._fewest(group, lasts) for group in _apart(reports, lasts))

    def _fewest(self, group: Sequence[Report], lasts: int) -> int:
        """The fewest listenings that explain the reports of one song, source by source in order."""
        by_source: dict[str, list[Report]] = defaultdict(list)
        for report in group:
            by_source[report.source].append(report)
        columns = [*by_source.values()]

        @cache
        def fewest(done: tuple[int, ...]) -> int:
            heads = [at for at, column in enumerate(columns) if done[at] < len(column)]
            if not heads:
                return 0
            return 1 + min(
                fewest(following)
                for number in range(1, len(heads) + 1)
                for chosen in combinations(heads, number)
                for following in explained(done, chosen)
            )

        def explained(done: tuple[int, ...], chosen: Sequence[int]) -> Iterator[tuple[int, ...]]:
            """What is done after a listening that explains the next reports of `chosen`."""
            firsts = [columns[at][done[at]] for at in chosen]
            if not all(self._together(*pair, lasts) for pair in combinations(firsts, 2)):
                return
            for runs in product(*(self._runs(columns[at][done[at] :], lasts) for at in chosen)):
                taken = dict(zip(chosen, runs, strict=True))
                yield tuple(count + taken.get(at, 0) for at, count in enumerate(done))

        return fewest((0,) * len(columns))

    def _runs(self, column: Sequence[Report], lasts: int) -> range:
        """How many of the next reports of a source can be of one listening: one, or more."""
        run = 1
        while run < len(column) and self._again(column[0], column[run], lasts):
            run += 1
        return range(1, run + 1)

    def _again(self, first: Report, later: Report, lasts: int) -> bool:
        apart = later.at - first.at
        if apart < min(lasts or LEAST_HEARD, LEAST_HEARD):
            return True
        if first.stamp is Stamp.END:
            return False
        return apart < _overlap(lasts) and not self._plays_another(
            first, after=first.at, before=later.at + 1
        )

    def _together(self, one: Report, other: Report, lasts: int) -> bool:
        first, second = sorted((one, other), key=lambda it: (it.at, it.stamp is Stamp.END))
        apart = second.at - first.at
        match first.stamp, second.stamp:
            case Stamp.START, Stamp.END:
                paused = apart > (lasts or UNKNOWN_DURATION) + LATE
                most = (lasts or UNKNOWN_DURATION) + LONGEST_PAUSE
                return apart <= most and not (paused and self._disturbed(first, second))
            case Stamp.START, Stamp.START:
                return apart < _overlap(lasts) or apart <= SKEW
        return apart <= SKEW

    def _disturbed(self, first: Report, second: Report) -> bool:
        return self._plays_another(
            first, after=first.at, before=second.at - LATE
        ) or self._plays_another(second, after=first.at + LATE, before=second.at)

    def _plays_another(self, of: Report, *, after: int, before: int) -> bool:
        """Whether the source of a report has another song within the span."""
        reports = self._of_source[of.source]
        return any(after < one.at < before and one.song != of.song for one in reports)


def _overlap(duration: int) -> int:
    """Starts of one song closer than this overlap."""
    return duration - min(CROSSFADE, duration // 10) if duration else UNKNOWN_DURATION


def _apart(reports: Sequence[Report], lasts: int) -> Iterator[list[Report]]:
    """Groups of reports so far apart that no listening is in two of them."""
    group: list[Report] = []
    for report in reports:
        if group and report.at - group[-1].at > (lasts or UNKNOWN_DURATION) + LONGEST_PAUSE:
            yield group
            group = []
        group.append(report)
    if group:
        yield group
