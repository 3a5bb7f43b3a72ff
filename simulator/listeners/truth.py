"""The list of a perfect service, from the plays and the times of its polls.

Polls are by provider, as in `simulator.listeners.learned`; `habits` and `accounts` (by provider)
are those of the polled world. A play that two providers report counts once, as far as that can be
known. Pure functions.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from simulator.habits import USUALLY, Habits
from simulator.listeners.knowable import Report, is_mirrored, knowable
from simulator.listeners.learned import Placed, learned
from simulator.listeners.plays import Play
from simulator.listeners.reports import reports_at
from simulator.listeners.ring import entries_of, stamped_with_start

WINDOW_DAYS = 7
AROUND_SECONDS = 3600
"""How far from a window reports may bound those within it."""
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
    """Plays in a listener's window: played, obtainable, and lost.

    Of the obtainable ones, reports cannot tell that some are plays of their own: `merged`; and that
    some that are reported twice are not: `doubled`.
    """

    plays_true: int
    plays_obtainable: int
    lost: int
    merged: int = 0
    doubled: int = 0


def expected_list(
    plays: Sequence[Play],
    polls: Polls,
    as_of: date,
    time_zone: str,
    habits: Habits = USUALLY,
    accounts: Accounts = _NO_ACCOUNTS,
) -> list[Counted]:
    """The ranking of the seven local days before `as_of`: count, then the latest play.

    What reports cannot tell is counted as `simulator.listeners.knowable` states. A play belongs to
    the day on which it began; one at Apple Music, which gives no times, to the day of the poll
    before it.
    """
    found = _Known(plays, polls, habits, accounts)
    start, end = window(as_of, time_zone)
    times: dict[int, list[float]] = defaultdict(list)
    vague: set[int] = set()
    for play, moment in found.timed.items():
        if start <= moment < end:
            times[play.song].append(moment)
            vague |= {play.song} if found.is_vague(play) else set()
    count = found.knowable(start, end)
    vague |= {song for song in count if count[song] != len(times[song])}
    for play, moment in found.untimed(start, end).items():
        if start <= moment < end:
            count[play.song] += 1
            times[play.song].append(moment)
            vague.add(play.song)
    counted = [
        Counted(song, number, max(times[song]), exact_time=song not in vague)
        for song, number in count.items()
    ]
    return sorted(counted, key=lambda found: (-found.count, -found.last, found.song))


class _Known:
    """The plays that the polls learn, with and without their times."""

    def __init__(
        self, plays: Sequence[Play], polls: Polls, habits: Habits, accounts: Accounts
    ) -> None:
        self._plays, self._habits, self._accounts = plays, habits, accounts
        self._by_provider = {
            provider: learned(provider, plays, moments, habits, accounts.get(provider, ""))
            for provider, moments in polls.items()
        }
        self._from_apple = self._by_provider.pop("apple_music", {})
        self.timed: Placed = {}
        for placed_ in self._by_provider.values():
            self.timed |= placed_
        self._start_stamped = stamped_with_start(plays, habits, accounts.get("spotify", ""))

    def is_vague(self, play: Play) -> bool:
        """Whether the start is not known exactly, because only the end is reported."""
        return play in self._start_stamped or not play.is_plain

    def knowable(self, start: float, end: float) -> Counter[int]:
        """The plays that can be known of those that began from `start` on, before `end`."""
        within: list[Report] = []
        around: list[Report] = []
        for provider, known in self._by_provider.items():
            account = self._accounts.get(provider, "")
            for play, report in reports_at(provider, self._plays, known, self._habits, account):
                if start <= play.started_at < end:
                    within.append(report)
                elif start - AROUND_SECONDS <= play.started_at < end + AROUND_SECONDS:
                    around.append(report)
        durations = {
            play.song: play.song_ms // 1000 for play in self._near(start, end) if play.song_ms
        }
        return knowable(within, around, durations)

    def untimed(self, start: float, end: float) -> Placed:
        """The plays at Apple Music, unless they are known to be those of a scrobbler."""
        near = self._near(start, end)
        for known in self._by_provider.values():
            if is_mirrored(sum(play in known for play in near), len(near)):
                return {}
        return self._from_apple

    def _near(self, start: float, end: float) -> list[Play]:
        """The plays at Apple Music in or near the window."""
        return [
            play
            for play, moment in self._from_apple.items()
            if start - AROUND_SECONDS <= moment < end + AROUND_SECONDS
        ]


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
    known = placed(plays, polls, habits, accounts)
    once = Counter(play.song for play, moment in known.items() if start <= moment < end)
    ranked = expected_list(plays, polls, as_of, time_zone, habits, accounts)
    counted = Counter({song.song: song.count for song in ranked})
    return Numbers(
        plays_true=sum(play.counts and start <= play.started_at < end for play in plays),
        plays_obtainable=once.total(),
        lost=sum(start <= play.started_at < end for play in lost(plays, polls, habits, accounts)),
        merged=(once - counted).total(),
        doubled=(counted - once).total(),
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
    for provider, moments in sorted(polls.items(), key=lambda one: one[0] != "apple_music"):
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
