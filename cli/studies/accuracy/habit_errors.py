"""What each habit of listeners costs by itself: plays lost and counted twice by the rule.

Nothing is crawled. Each account's reports of a week, all of them, are merged and compared with the
plays; what differs are the defaults for what reports cannot tell.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from cli.studies.accuracy.plan import DAY, Plan
from simulator.habit import LISTENING, Habit
from simulator.habits import Habits
from simulator.listeners.catalogue import Song
from simulator.listeners.knowable import Stamp
from simulator.listeners.learned import placed_by_apple
from simulator.listeners.listening import listen
from simulator.listeners.plays import Play as Listening
from simulator.listeners.population import Listener
from simulator.listeners.reports import reports_at
from simulator.listeners.ring import entries_of
from simulator.listeners.visible import scrobbled, watched
from topk.domain.play import Play, Precision, Track, in_order
from topk.domain.toplist.ranking import ranking
from topk.domain.toplist.window import DAYS, Window

_OF_PROVIDERS = (Habit.START_STAMP, Habit.AGAIN)
_NEEDS = {Habit.RESUMED: (Habit.PAUSE,)}
_ALL_SONGS = 1_000_000
_PRECISIONS = {Stamp.START: Precision.EXACT, Stamp.END: Precision.END}


@dataclass(frozen=True, slots=True)
class HabitError:
    """Of `plays` that an account reported, how many were lost and how many counted twice."""

    habit: str
    plays: int
    lost: int
    doubled: int


def habit_errors(
    plan: Plan, listeners: Sequence[Listener], songs: tuple[Song, ...]
) -> Iterator[HabitError]:
    """The errors without any habit, of each habit of the plan, and of all of them."""
    rates = plan.habits.rates
    chosen = [one for one in (*LISTENING, *_OF_PROVIDERS) if rates.get(one)]
    worlds = {"none": Habits.usual()}
    for habit in chosen:
        worlds[habit.word] = Habits.usual().adding(
            {one: rates.get(one, one.rate) for one in (*_NEEDS.get(habit, ()), habit)}
        )
    worlds["all of these"] = Habits.usual().adding({one: rates[one] for one in chosen})
    for name, habits in worlds.items():
        yield _error(name, plan, habits.seeded(plan.seed), listeners, songs)


def _error(
    name: str,
    plan: Plan,
    habits: Habits,
    listeners: Sequence[Listener],
    songs: tuple[Song, ...],
) -> HabitError:
    plays = lost = doubled = 0
    window = Window.current(plan.begin + DAYS * DAY)
    for listener in listeners:
        history = listen(plan.seed, listener, songs, plan.begin, DAYS + 2, habits)
        known, reports = _reported(listener, history, habits, window)
        truth = Counter(_title(play) for play in known if play.started_at in window)
        songs_ = ranking(in_order(reports), window, _ALL_SONGS).songs
        found = Counter({song.title: song.listen_count for song in songs_})
        plays += truth.total()
        lost += (truth - found).total()
        doubled += (found - truth).total()
    return HabitError(name, plays, lost, doubled)


def _reported(
    listener: Listener, history: Sequence[Listening], habits: Habits, window: Window
) -> tuple[set[Listening], list[Play]]:
    """The plays that an account of the listener reports, and the reports."""
    known: set[Listening] = set()
    reports: list[Play] = []
    days = range(window.start - DAY, window.end + DAY, DAY)
    for provider, account in listener.accounts.items():
        if provider == "apple_music":
            placed = placed_by_apple(history, days, habits, account)
            known |= placed.keys()
            reports += (
                Play(provider, _track(play, 0), int(moment), Precision.INFERRED)
                for play, moment in placed.items()
            )
            continue
        shown = _shown(provider, history, habits, account)
        known |= shown
        reports += (
            Play(provider, _track(play, one.duration), one.at, _PRECISIONS[one.stamp])
            for play, one in reports_at(provider, history, shown, habits, account)
        )
    return known, reports


def _shown(
    provider: str, history: Sequence[Listening], habits: Habits, account: str
) -> set[Listening]:
    if provider == "spotify":
        return {entry.play for entry in entries_of(history, habits, account)}
    if provider == "youtube":
        return set(watched(history, -inf, inf, now=inf))
    return set(scrobbled(history, provider, inf))


def _title(play: Listening) -> str:
    return f"Song {play.song}"


def _track(play: Listening, duration: int) -> Track:
    return Track("", _title(play), ("Somebody",), duration=duration)
