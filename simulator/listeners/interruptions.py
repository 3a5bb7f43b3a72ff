"""What listeners do while a song plays: they pause, skip, and play it once more."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.catalogue import Song
from simulator.listeners.population import Listener

_SKIPPABLE = ("spotify", "lastfm", "listenbrainz", "partner")
"""Apple and Google list what was skipped, too."""
_LEAST_MS, _REST_MS = 31_000, 5_000


class Planned(NamedTuple):
    """A play whose actual start still depends on the end of the previous one.

    `wanted_at` and `offline_until` are in epoch seconds; of the song, `listened_ms` are played,
    with a pause of `paused` seconds, and `silence` seconds follow.
    """

    wanted_at: int
    offline_until: float
    provider: str
    song: Song
    listened_ms: int
    silence: int
    paused: int = 0


def interrupted(
    planned: Sequence[Planned], listener: Listener, habits: Habits
) -> Iterator[Planned]:
    """The plays with the listener's pauses, skips and repetitions."""
    last: Planned | None = None
    for number, play in enumerate(planned):
        subject = (listener.tenant, listener.user, number)
        if last and last.wanted_at == play.wanted_at and habits.strikes(Habit.REPEAT, *subject):
            play = play._replace(song=last.song, listened_ms=last.song.duration_ms)
        last = play
        yield _paused(_skipped(play, habits, subject), habits, subject)


def _skipped(play: Planned, habits: Habits, subject: tuple[object, ...]) -> Planned:
    whole = play.song.duration_ms
    if play.provider not in _SKIPPABLE or play.listened_ms < whole:
        return play
    if habits.strikes(Habit.EARLY_SKIP, *subject):
        dice = habits.dice(Habit.EARLY_SKIP, *subject)
        return play._replace(listened_ms=dice.whole(3_000, 29_000))
    if habits.strikes(Habit.SKIP, *subject):
        dice = habits.dice(Habit.SKIP, *subject)
        return play._replace(listened_ms=dice.whole(_LEAST_MS, whole - _REST_MS))
    return play


def _paused(play: Planned, habits: Habits, subject: tuple[object, ...]) -> Planned:
    """Most pauses are of seconds, some of minutes, a few almost an hour."""
    if play.listened_ms < _LEAST_MS or not habits.strikes(Habit.PAUSE, *subject):
        return play
    dice = habits.dice(Habit.PAUSE, *subject)
    longest = dice.pick((60, 60, 60, 120, 120, 600, 600, 3_400))
    return play._replace(paused=dice.whole(5, longest))
