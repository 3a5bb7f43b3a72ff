"""Explains a list: the verdict on each report of a play."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from topk.domain.play import Play, Started, in_order, plays_of
from topk.domain.play_log import History
from topk.domain.privacy.provider_policies import shown_providers
from topk.domain.song.joining import Grouping
from topk.domain.toplist.corrections import Corrections
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
    DELETED = "deleted"
    """Its owner deleted it; the next aggregation takes it out of its chunk."""
    DISOWNED = "disowned"
    """Its owner said that they did not play it."""
    SEPARATE = "separate"
    """Its provider's plays must not be mixed with those of the owner's other accounts."""


@dataclass(frozen=True, slots=True)
class AuditedPlay:
    """One report, its song, and its verdict."""

    play: Play
    song_id: str
    verdict: Verdict


def audit(
    reports: Iterable[Play], window: Window, *, history: History, connected: Iterable[str]
) -> list[AuditedPlay]:
    """The verdict on each of `reports` in the ranking of `window`, by start.

    Uses the rules of the list: the counted reports of a song are as many as its listen count.
    Duplicate reports are listed once. `history` is of the same time, and `connected` are the
    owner's providers.
    """
    corrections = Corrections(history.corrections)
    left_out = _left_out(corrections, history, connected)
    found: list[AuditedPlay] = []
    ranked: list[Play] = []
    for report in set(reports):
        verdict = left_out(report)
        if verdict is None:
            ranked.append(report)
        else:
            found += _all(verdict, [report], corrections.songs)
    found += _ranked(ranked, window, corrections.songs)
    return sorted(found, key=lambda one: (one.play.started_at, one.play))


def _left_out(
    corrections: Corrections, history: History, connected: Iterable[str]
) -> Callable[[Play], Verdict | None]:
    """Why a list is made without a report, or None."""
    present = set(plays_of(history.brought))
    owned = set(plays_of(corrections.kept(history.brought)))
    shows = shown_providers(history.separate, connected)

    def verdict(report: Play) -> Verdict | None:
        if report not in present:
            return Verdict.DELETED
        if report not in owned:
            return Verdict.DISOWNED
        return None if shows(report.provider) else Verdict.SEPARATE

    return verdict


def _ranked(reports: Iterable[Play], window: Window, grouped: Grouping) -> Iterator[AuditedPlay]:
    earliest, latest = window.start - AROUND_SECONDS, window.end + AROUND_SECONDS
    ordered = in_order(reports)
    songs = by_song([one for one in ordered if earliest <= one[0] < latest], grouped)
    counted, _ = without_duplicates(songs)
    for song, (plays, _) in zip(songs, merged(counted), strict=True):
        for play, verdict in _verdicts(plays, song.reports, window):
            yield AuditedPlay(play, song.ids[0], verdict)
    beyond = [play for start, play in ordered if not earliest <= start < latest]
    yield from _all(Verdict.OUTSIDE, beyond, grouped)


def _all(verdict: Verdict, reports: Iterable[Play], grouped: Grouping) -> Iterator[AuditedPlay]:
    for song in by_song(in_order(reports), grouped):
        for _, play in song.reports:
            yield AuditedPlay(play, song.ids[0], verdict)


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
