"""What scrobblers and partners have of an account's listening at a moment."""

from simulator.habit import Habit
from simulator.listeners.plays import Play, wrong
from simulator.listeners.unreadable import unreadable
from simulator.listeners.visible import CACHE_SECONDS, history_as_of, scrobbled, scrobbled_again
from simulator.world import World


def listening(world: World, provider: str, account: str) -> list[Play]:
    """Newest first, by the start. Mistaken entries, with dates in 2099, come as plays of then, and
    unreadable ones as plays of no song."""
    habits, now = world.habits, world.clock.now()
    plays = world.plays_of(provider, account)
    known = scrobbled(plays, provider, history_as_of(now, habits, account))
    mistaken = [
        play._replace(started_at=wrong(play))
        for play in known
        if habits.strikes(Habit.FUTURE, account, play.started_at) and now < play.known_at + 21_600
    ]
    again = scrobbled_again(known, provider, habits, account)
    broken = unreadable(known, habits, account)
    return sorted([*known, *again, *mistaken, *broken], reverse=True)


def is_noisy(world: World, account: str) -> bool:
    """Whether the account's answers show what is playing, and shift while they are walked."""
    moment = int(world.clock.now() // CACHE_SECONDS)
    return world.habits.strikes(Habit.SCROBBLING, account, moment)
