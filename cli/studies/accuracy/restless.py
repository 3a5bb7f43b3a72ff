"""The plays that a provider ever showed, which continuous polling would learn.

Plays beyond the learned ones were missed by crawls that came too late; other plays could not be
learned by any crawl.
"""

from bisect import bisect, insort
from collections.abc import Iterator, Sequence
from math import inf

from cli.studies.accuracy.plan import DAY
from cli.studies.accuracy.poll_log import Polls
from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.learned import learned
from simulator.listeners.plays import Play
from simulator.listeners.population import Listener
from simulator.listeners.ring import RING, Entry, entries_of

_BEFORE_SECONDS = 4 * DAY
"""Longest delay until a play arrives at its provider."""


def ever_shown(
    history: Sequence[Play], polls: Polls, habits: Habits, listener: Listener, since: float
) -> set[Play]:
    """The plays started from `since` on that a poll of each account, between its first and its
    last, would have returned.
    """
    plays = [play for play in history if play.started_at >= since - _BEFORE_SECONDS]
    shown: set[Play] = set()
    for provider, moments in polls.items():
        if moments:
            account = listener.accounts[provider]
            shown |= _shown(provider, plays, moments, habits, account)
    return {play for play in shown if play.started_at >= since}


def _shown(
    provider: str, plays: Sequence[Play], polls: Sequence[int], habits: Habits, account: str
) -> set[Play]:
    first, last = min(polls), max(polls)
    if provider == "spotify":
        entries = entries_of(plays, habits, account)
        length = RING if habits.has(Habit.RING) else len(entries)
        return set(_ever_newest(entries, first, last, length))
    if provider == "apple_music":
        told = {play.known_at for play in plays if play.provider == provider}
        moments = sorted({*polls, *(moment for moment in told if first < moment <= last)})
        return set(learned(provider, plays, moments, habits, account))
    return set(learned(provider, plays, polls, habits, account))


def _ever_newest(
    entries: Sequence[Entry], first: float, last: float, length: int
) -> Iterator[Play]:
    """Plays of entries that are among the newest `length` at any time from `first` to `last`."""
    comings = [(entry.known_at, 1, at) for at, entry in enumerate(entries)]
    goings = [(entry.until, 0, at) for at, entry in enumerate(entries) if entry.until < inf]
    held: list[tuple[int, int, int]] = []
    for moment, comes, at in sorted([*comings, *goings, (first, 2, 0)]):
        if moment > last:
            return
        entry = entries[at] if entries else None
        if comes == 2:
            yield from _plays(entries, held[-length:])
        elif entry is not None:
            place = (entry.stamp_ms, entry.play.song, at)
            if comes:
                insort(held, place)
            else:
                del held[bisect(held, place) - 1]
            if moment >= first:
                yield from _plays(entries, [place] if place in held[-length:] else held[-length:])


def _plays(entries: Sequence[Entry], held: Sequence[tuple[int, int, int]]) -> Iterator[Play]:
    return (entries[at].play for _, _, at in held if entries[at].kind.is_play)
