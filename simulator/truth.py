"""What a perfect service would show, from the listening and the moments it was polled at.

Nothing here knows what was served to anybody: the plays a provider would have shown at each poll
follow from the plays themselves (`simulator.visible`). Pure; moments are epoch seconds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from simulator.listening import DAY
from simulator.plays import Play
from simulator.visible import DEPTH, newest_fifty, recent_songs, watched

WINDOW_DAYS = 7
FIRST_EXPORT_DAYS = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """A song of the window: `count` plays, the latest begun at `last`.

    `exact_time` is false where the provider of any of them tells no times, so that `last` may
    decide no order.
    """

    song: int
    count: int
    last: int
    exact_time: bool


def expected_list(
    plays: Sequence[Play], polls: Mapping[str, Sequence[float]], as_of: date, time_zone: str
) -> list[Counted]:
    """The ranking of the seven local days before `as_of`: count, then the latest play."""
    start, end = window(as_of, time_zone)
    heard: dict[int, list[Play]] = {}
    for play in obtainable(plays, polls):
        if start <= play.started_at < end:
            heard.setdefault(play.song, []).append(play)
    counted = [
        Counted(
            song=song,
            count=len(times),
            last=max(play.started_at for play in times),
            exact_time=all(play.provider != "apple_music" for play in times),
        )
        for song, times in heard.items()
    ]
    return sorted(counted, key=lambda found: (-found.count, -found.last, found.song))


def window(as_of: date, time_zone: str) -> tuple[float, float]:
    """From local midnight seven days before to the midnight that begins `as_of`."""
    zone = ZoneInfo(time_zone)
    first, last = as_of - timedelta(days=WINDOW_DAYS), as_of
    start, end = (datetime.combine(day, datetime.min.time(), zone) for day in (first, last))
    return start.timestamp(), end.timestamp()


def obtainable(plays: Sequence[Play], polls: Mapping[str, Sequence[float]]) -> set[Play]:
    """The plays that could be known to one who polled each provider at the given moments."""
    return {
        play for provider, moments in polls.items() for play in _LEARN[provider](plays, moments)
    }


def learned_from_spotify(plays: Sequence[Play], polls: Sequence[float]) -> set[Play]:
    """Whatever was among the newest fifty at some poll."""
    return {play for moment in polls for play in newest_fifty(plays, moment)}


def learned_from_youtube(plays: Sequence[Play], polls: Sequence[float]) -> set[Play]:
    """What the last permitted export knows, back to where the first one reached."""
    permitted = exports(polls)
    if not permitted:
        return set()
    first, last = permitted[0], permitted[-1]
    return set(watched(plays, first - FIRST_EXPORT_DAYS * DAY, last, now=last))


def exports(polls: Sequence[float]) -> list[float]:
    """The polls at which an export may begin: the first, then 24 hours after the last one."""
    permitted: list[float] = []
    for moment in sorted(polls):
        if not permitted or moment - permitted[-1] >= DAY:
            permitted.append(moment)
    return permitted


def learned_from_apple(plays: Sequence[Play], polls: Sequence[float]) -> set[Play]:
    """What the difference between successive lists proves; the first list proves nothing.

    A song that moved up was played since the last poll, once as far as anyone can tell; of its
    plays the latest is taken.
    """
    learned: set[Play] = set()
    moments = sorted(polls)
    before = recent_songs(plays, moments[0]) if moments else []
    for since, until in pairwise(moments):
        after = recent_songs(plays, until)
        moved = after[: moved_up(before, after)]
        learned.update(_latest(plays, song, since, until) for song in moved)
        before = after
    return learned


def moved_up(before: Sequence[int], after: Sequence[int], depth: int = DEPTH) -> int:
    """The least number of songs played that turns the list `before` into `after`.

    They are the leading entries of `after`: everything below them stands as it stood, without
    them and cut to the list's depth.
    """
    for played in range(len(after)):
        leading = set(after[:played])
        rest = [song for song in before if song not in leading]
        if [*after[:played], *rest][:depth] == list(after):
            return played
    return len(after)


def _latest(plays: Sequence[Play], song: int, since: float, until: float) -> Play:
    return max(
        play
        for play in plays
        if play.provider == "apple_music" and play.song == song and since < play.known_at <= until
    )


_LEARN: Mapping[str, Callable[[Sequence[Play], Sequence[float]], Iterable[Play]]] = {
    "spotify": learned_from_spotify,
    "apple_music": learned_from_apple,
    "youtube": learned_from_youtube,
}
