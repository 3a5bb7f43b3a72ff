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

from topk.domain.play import Play, Precision, Started, in_order

RE_REPORT_SECONDS = 30
SAME_START_SECONDS = 10

Moment = Callable[[Started], int]
_EXACT, _END = Precision.EXACT, Precision.END


def merge(reports: Iterable[Play]) -> list[Play]:
    """The plays of the `reports` of one song, ordered by start."""
    return [play for _, play in merge_ordered(in_order(reports))]


def merge_ordered(reports: Sequence[Started]) -> list[Started]:
    """As `merge`, for ordered reports."""
    if len(reports) == 1:
        return [*reports]
    by_provider: dict[str, list[Started]] = defaultdict(list)
    for report in reports:
        of_provider = by_provider[report[1].provider]
        if not of_provider or not _repeats(of_provider[-1], report):
            of_provider.append(report)
    merged: list[Started] = []
    for provider in sorted(by_provider):
        merged = _across(merged, by_provider[provider])
    return merged


def _repeats(first: Started, second: Started) -> bool:
    apart = second[0] - first[0]
    if apart >= RE_REPORT_SECONDS:
        return False
    if Precision.INFERRED in (first[1].precision, second[1].precision):
        return apart == 0
    return apart < min(first[1].track.duration or RE_REPORT_SECONDS, RE_REPORT_SECONDS)


def _across(known: list[Started], others: list[Started]) -> list[Started]:
    if not known:
        return others
    left = [one for one in known if _is_timed(one)]
    right = [one for one in others if _is_timed(one)]
    repeated: set[Started] = set()
    for of_left, of_right in ((_start, _start), (_stamp, _start), (_start, _stamp)):
        pairs = _pairs(left, right, of_left, of_right)
        left = _without(left, {one for one, _ in pairs})
        right = _without(right, {other for _, other in pairs})
        repeated |= {other for _, other in pairs}
    return sorted([*known, *_without(others, repeated)])


def _is_timed(report: Started) -> bool:
    precision = report[1].precision
    return precision is _EXACT or precision is _END


def _without(reports: Iterable[Started], gone: set[Started]) -> list[Started]:
    return [one for one in reports if one not in gone]


def _start(report: Started) -> int:
    return report[0]


def _stamp(report: Started) -> int:
    return report[1].listened_at


def _pairs(
    left: Iterable[Started], right: Iterable[Started], of_left: Moment, of_right: Moment
) -> list[tuple[Started, Started]]:
    """Pairs at most 10 s apart, each report in one pair at most, earliest first."""
    ones, others = sorted(left, key=of_left), sorted(right, key=of_right)
    pairs: list[tuple[Started, Started]] = []
    i = j = 0
    while i < len(ones) and j < len(others):
        apart = of_right(others[j]) - of_left(ones[i])
        if abs(apart) <= SAME_START_SECONDS:
            pairs.append((ones[i], others[j]))
        i += apart >= -SAME_START_SECONDS
        j += apart <= SAME_START_SECONDS
    return pairs
