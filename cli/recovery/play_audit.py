"""Explains a list: the verdict on each report of a play."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from topk.domain.play import Play, Started, in_order
from topk.domain.toplist.ranking import AROUND_SECONDS, by_song, merged, without_duplicates
from topk.domain.toplist.window import Window


class Verdict(StrEnum):
    COUNTED = "counted"
    MERGED = "merged"
    """The same play as another report, which counts for both, or of an account that another one
    reports.
    """
    OUTSIDE = "outside"
    """It began before or after the window."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One report, its song, and its verdict."""

    play: Play
    song_id: str
    verdict: Verdict


def reckon(reports: Iterable[Play], window: Window) -> list[Reckoned]:
    """The verdict on each of `reports` in the ranking of `window`, by start.

    Uses the rules of the ranking: the counted reports of a song are as many as its listen count.
    Duplicate reports are listed once.
    """
    earliest, latest = window.start - AROUND_SECONDS, window.end + AROUND_SECONDS
    around: list[Started] = []
    beyond: list[Started] = []
    for report in in_order(set(reports)):
        (around if earliest <= report[0] < latest else beyond).append(report)
    songs = by_song(around)
    counted, _ = without_duplicates(songs)
    found = [
        Reckoned(play, song.ids[0], verdict)
        for song, (plays, _) in zip(songs, merged(counted), strict=True)
        for play, verdict in _verdicts(plays, song.reports, window)
    ]
    found += [
        Reckoned(play, song.ids[0], Verdict.OUTSIDE)
        for song in by_song(beyond)
        for _, play in song.reports
    ]
    return sorted(found, key=lambda one: (one.play.started_at, one.play))


def _verdicts(
    plays: Iterable[Started], reports: Iterable[Started], window: Window
) -> Iterable[tuple[Play, Verdict]]:
    kept = set(plays)
    for report in reports:
        start, play = report
        if report not in kept:
            yield play, Verdict.MERGED
        else:
            yield play, Verdict.COUNTED if start in window else Verdict.OUTSIDE
