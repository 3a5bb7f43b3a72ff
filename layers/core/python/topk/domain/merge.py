"""A play counts once, however often and through however many providers it is reported.

Reports of one song are merged in two steps, each over a total order, so that the result does not
depend on the order of arrival:

1. Within a provider: a report that starts less than min(duration, 30 s) after another is a repeat
   of it, being too soon for the song to have been played again. Where times are inferred, only the
   same time is a repeat.
2. Across providers: reports that start within 10 s of each other are one play. Where a provider may
   have stamped the start instead of the end, that reading is allowed too. A report is matched to
   one report of the others at most, so that a song on repeat counts each time. An inferred time
   says nothing about the moment, and so matches none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from topk.domain.play import Play, Precision

RE_REPORT_SECONDS = 30
SAME_START_SECONDS = 10

Moment = Callable[[Play], int]
_TIMED = frozenset({Precision.EXACT, Precision.END})


def merge(reports: Sequence[Play]) -> list[Play]:
    """The plays behind `reports` of one song, in the order of their starts."""
    if len(reports) == 1:
        return [*reports]
    ordered = sorted(reports, key=_order)
    by_provider: dict[str, list[Play]] = defaultdict(list)
    for report in ordered:
        of_provider = by_provider[report.provider]
        if not of_provider or not _repeats(of_provider[-1], report):
            of_provider.append(report)
    merged: list[Play] = []
    for provider in sorted(by_provider):
        merged = _across(merged, by_provider[provider])
    return merged


def _order(play: Play) -> tuple[int, Play]:
    return play.started_at, play


def _repeats(first: Play, second: Play) -> bool:
    apart = second.started_at - first.started_at
    if apart >= RE_REPORT_SECONDS:
        return False
    if Precision.INFERRED in (first.precision, second.precision):
        return apart == 0
    return apart < min(first.track.duration or RE_REPORT_SECONDS, RE_REPORT_SECONDS)


def _across(known: Sequence[Play], others: Sequence[Play]) -> list[Play]:
    if not known:
        return [*others]
    left = [play for play in known if play.precision in _TIMED]
    right = [play for play in others if play.precision in _TIMED]
    repeated: set[Play] = set()
    for of_left, of_right in ((_start, _start), (_stamp, _start), (_start, _stamp)):
        pairs = _pairs(left, right, of_left, of_right)
        left = _without(left, {one for one, _ in pairs})
        right = _without(right, {other for _, other in pairs})
        repeated |= {other for _, other in pairs}
    return sorted([*known, *_without(others, repeated)], key=_order)


def _without(plays: Iterable[Play], gone: set[Play]) -> list[Play]:
    return [play for play in plays if play not in gone]


def _start(play: Play) -> int:
    return play.started_at


def _stamp(play: Play) -> int:
    return play.listened_at


def _pairs(
    left: Iterable[Play], right: Iterable[Play], of_left: Moment, of_right: Moment
) -> list[tuple[Play, Play]]:
    """Pairs at most 10 s apart, each play in one pair at most, earliest first."""
    ones, others = sorted(left, key=of_left), sorted(right, key=of_right)
    pairs: list[tuple[Play, Play]] = []
    i = j = 0
    while i < len(ones) and j < len(others):
        apart = of_right(others[j]) - of_left(ones[i])
        if abs(apart) <= SAME_START_SECONDS:
            pairs.append((ones[i], others[j]))
        i += apart >= -SAME_START_SECONDS
        j += apart <= SAME_START_SECONDS
    return pairs
