"""The list of a perfect service, from the plays and the times of its polls.

Polls are by provider, as in `simulator.listeners.learned`; `habits` and `accounts` (by provider)
are those of the polled world. A play that two providers report counts once. Pure functions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from simulator.habits import USUALLY, Habits
from simulator.listeners.learned import Placed, learned
from simulator.listeners.plays import Play
from simulator.listeners.ring import entries_of, stamped_with_start

WINDOW_DAYS = 7
Polls = Mapping[str, Sequence[float]]
Accounts = Mapping[str, str]
_NO_ACCOUNTS: Accounts = {}


@dataclass(frozen=True, slots=True)
class Counted:
    """A song of the window: `count` plays, the latest begun at `last`.

    `exact_time` is false if the time of one of them is unknown, so that `last` must not decide
    ties.
    """

    song: int
    count: int
    last: float
    exact_time: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """Plays in a listener's window: played, obtainable, and lost."""

    plays_true: int
    plays_obtainable: int
    lost: int


def expected_list(
    plays: Sequence[Play],
    polls: Polls,
    as_of: date,
    time_zone: str,
    habits: Habits = USUALLY,
    accounts: Accounts = _NO_ACCOUNTS,
) -> list[Counted]:
    """The ranking of the seven local days before `as_of`: count, then the latest play.

    A play belongs to the day on which it began; one at Apple Music, which gives no times, to the
    day of the poll before it.
    """
    start, end = window(as_of, time_zone)
    heard: dict[int, Placed] = defaultdict(dict)
    for play, moment in placed(plays, polls, habits, accounts).items():
        if start <= moment < end:
            heard[play.song][play] = moment
    vague = stamped_with_start(plays, habits, accounts.get("spotify", ""))
    counted = [
        Counted(
            song=song,
            count=len(times),
            last=max(times.values()),
            exact_time=all(play.provider != "apple_music" and play not in vague for play in times),
        )
        for song, times in heard.items()
    ]
    return sorted(counted, key=lambda found: (-found.count, -found.last, found.song))


def numbers(
    plays: Sequence[Play],
    polls: Polls,
    as_of: date,
    time_zone: str,
    habits: Habits = USUALLY,
    accounts: Accounts = _NO_ACCOUNTS,
) -> Numbers:
    """The plays that `expected_list` counts, all plays by their real start, and the lost ones."""
    start, end = window(as_of, time_zone)
    moments = placed(plays, polls, habits, accounts).values()
    return Numbers(
        plays_true=sum(play.counts and start <= play.started_at < end for play in plays),
        plays_obtainable=sum(start <= moment < end for moment in moments),
        lost=sum(start <= play.started_at < end for play in lost(plays, polls, habits, accounts)),
    )


def window(as_of: date, time_zone: str) -> tuple[float, float]:
    """From local midnight seven days before to the midnight that begins `as_of`."""
    zone = ZoneInfo(time_zone)
    first, last = as_of - timedelta(days=WINDOW_DAYS), as_of
    start, end = (datetime.combine(day, datetime.min.time(), zone) for day in (first, last))
    return start.timestamp(), end.timestamp()


def obtainable(
    plays: Sequence[Play],
    polls: Polls,
    habits: Habits = USUALLY,
    accounts: Accounts = _NO_ACCOUNTS,
) -> set[Play]:
    """The plays that polls of each provider at the given times can learn."""
    return set(placed(plays, polls, habits, accounts))


def placed(
    plays: Sequence[Play],
    polls: Polls,
    habits: Habits = USUALLY,
    accounts: Accounts = _NO_ACCOUNTS,
) -> Placed:
    """The obtainable plays, each with the time that is assigned to it (epoch seconds)."""
    found: Placed = {}
    for provider, moments in polls.items():
        found |= learned(provider, plays, moments, habits, accounts.get(provider, ""))
    return found


def lost(
    plays: Sequence[Play],
    polls: Polls,
    habits: Habits = USUALLY,
    accounts: Accounts = _NO_ACCOUNTS,
) -> set[Play]:
    """The plays known to their provider between the first and the last poll, but not obtainable.

    Neither from that provider nor from those they were scrobbled to. A play that arrives after the
    last poll is not lost.
    """
    known = obtainable(plays, polls, habits, accounts)
    entries = entries_of(plays, habits, accounts.get("spotify", ""))
    told_at = {entry.play: entry.known_at for entry in reversed(entries)}
    return {
        play
        for play in plays
        if play.counts and play not in known and polls.get(play.provider)
        if min(polls[play.provider]) < told_at.get(play, play.known_at) <= max(polls[play.provider])
    }
