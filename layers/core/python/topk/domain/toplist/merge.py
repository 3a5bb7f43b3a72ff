"""A play counts once, however often and through however many providers it is reported.

A report has one stamp, the start or the end of a listening, and nothing of pauses. Reports of one
song are merged in two steps, each over a total order, so that the result does not depend on the
order of arrival:

1. Within a provider, a report is a repeat of the one before if the song could not be played again
   in between: within 30 s, the least that counts as a play; and for starts while the song lasts,
   unless the provider reports another song in between.
2. Across providers, reports are paired one to one and in order if one span explains both. Two
   starts are of one play while the song lasts. A start and a later end are of one play if they are
   no further apart than the song lasts; with a pause in between, of an hour at most, only if
   neither provider reports another song within. Where a provider's stamps are ends, some are
   starts: stamps of one moment are of one play too. An inferred time pairs with none.

The start, where reported, is the time of the play. What reports cannot tell has a default: a start
reported again after the song's duration is another play; one within it is none, although the song
may have been skipped and started again. `simulator.listeners.knowable` states the same by a search
of all explanations.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from topk.domain.play import Play, Precision, Started, Track, in_order
from topk.domain.toplist.timeline import Surroundings, Timeline

LEAST_PLAY_SECONDS = 30
LONGEST_PAUSE_SECONDS = 3600
UNKNOWN_DURATION_SECONDS = 90
"""A song without a reported duration lasts at least so long."""
CROSSFADE_SECONDS = 12
"""Maximum overlap of two songs; a tenth of shorter ones than two minutes."""
SKEW_SECONDS = 10
"""Difference of the stamps of two providers for one moment."""
LATE_SECONDS = 30
"""How much later than its neighbour a provider may stamp a play."""

_EXACT, _END = Precision.EXACT, Precision.END


def merge(reports: Iterable[Play]) -> list[Play]:
    """The plays of the `reports` of one song, ordered by start."""
    ordered = in_order(reports)
    around = Surroundings(Timeline([ordered]), 0, {play.track for _, play in ordered})
    return [play for _, play in merge_ordered(ordered, around)]


def are_apart(reports: Sequence[Started], tracks: Sequence[Track]) -> bool:
    """Whether consecutive ones of the ordered `reports`, at least one, are too far apart to be of
    one play.

    Then each is a play, whoever reports it and whatever it stamps. `tracks` are those of the song.
    Most songs are, which saves most of the time that merging takes.
    """
    longest = tracks[0].duration if len(tracks) == 1 else max(track.duration for track in tracks)
    # No rule below pairs stamps further apart than a song and a pause, and a stamp follows its
    # start by no more than a song.
    lasts = max(longest, UNKNOWN_DURATION_SECONDS)
    far = longest + lasts + LONGEST_PAUSE_SECONDS + LATE_SECONDS
    before = reports[0][0]
    for start, _ in reports[1:]:
        if start - before < far:
            return False
        before = start
    return True


def merge_ordered(reports: Sequence[Started], around: Surroundings) -> list[Started]:
    """As `merge`, for ordered reports; `around` describes the song and the other songs."""
    if len(reports) < 2:
        return [*reports]
    if len({play[0] for _, play in reports}) == 1:
        return sorted(_each_once(reports, reports[0][1].precision, around))
    sources: dict[tuple[Precision, str], list[Started]] = defaultdict(list)
    for report in reports:
        sources[report[1].precision, report[1].provider].append(report)
    known: list[Started] = []
    for precision, provider in sorted(sources):
        once = _each_once(sources[precision, provider], precision, around)
        if known and precision <= _END:
            known = sorted([*known, *_unpaired(known, once, around)], key=_stamp)
        else:
            known += once
    return sorted(known)


def _stamp(report: Started) -> int:
    return report[1].listened_at


def _each_once(
    reports: Sequence[Started], precision: Precision, around: Surroundings
) -> list[Started]:
    """The reports of one provider by their stamps, each play once."""
    ends = precision is _END
    ordered = sorted(reports, key=_stamp) if ends else reports
    once = [ordered[0]]
    last = ordered[0][1]
    for report in ordered[1:]:
        play = report[1]
        if ends and play.listened_at - last.listened_at >= LEAST_PLAY_SECONDS:
            once.append(report)
        elif _repeats(last, play, around):
            continue
        else:
            once.append(report)
        last = play
    return once


def _repeats(first: Play, second: Play, around: Surroundings) -> bool:
    apart = second.listened_at - first.listened_at
    precision = first.precision
    if precision > _END:
        return apart == 0
    duration = around.duration
    if apart < LEAST_PLAY_SECONDS:
        return apart < (duration or LEAST_PLAY_SECONDS)
    if precision is _END or apart >= _overlap(duration):
        return False
    return around.next_song(first) > second.listened_at


def _overlap(duration: int) -> int:
    """Starts of one song closer than this overlap."""
    if not duration:
        return UNKNOWN_DURATION_SECONDS
    return duration - min(CROSSFADE_SECONDS, duration // 10)


def _unpaired(
    known: Sequence[Started], others: Sequence[Started], around: Surroundings
) -> list[Started]:
    """The `others` that are plays of their own. Both are ordered by their stamps.

    A report that does not pair with the next one of the other side, which is later, pairs with none
    that follows, so that one pass finds the most pairs.
    """
    lasts = around.duration or UNKNOWN_DURATION_SECONDS
    overlap = max(_overlap(around.duration) - 1, SKEW_SECONDS)
    unpaired: list[Started] = []
    i = j = 0
    while i < len(known) and j < len(others):
        one, other = known[i][1], others[j][1]
        is_first = (one.listened_at, one.precision) <= (other.listened_at, other.precision)
        first, second = (one, other) if is_first else (other, one)
        if first.precision is _END:
            longest, paused = SKEW_SECONDS, 0
        elif second.precision is _END:
            longest, paused = lasts + LATE_SECONDS, lasts + LONGEST_PAUSE_SECONDS
        else:
            longest, paused = overlap, 0
        apart = second.listened_at - first.listened_at
        if apart <= longest or (apart <= paused and _is_undisturbed(first, second, around)):
            i += 1
            j += 1
        elif is_first:
            i += 1
        else:
            unpaired.append(others[j])
            j += 1
    return [*unpaired, *others[j:]]


def _is_undisturbed(first: Play, second: Play, around: Surroundings) -> bool:
    """Whether neither provider reports another song between the two reports."""
    return (
        around.next_song(first) >= second.listened_at - LATE_SECONDS
        and around.previous_song(second) <= first.listened_at + LATE_SECONDS
    )
