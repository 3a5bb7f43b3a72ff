"""A listener's plays over months, and how long each was played."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from simulator.listeners.dice import Dice

SONGS = 400
SPACING = 600
"""Seconds from one start to the next: no play lasts over midnight."""
LEAST_SECONDS = 30
ENOUGH_SECONDS = 240
WORDS = ("Northern", "Paper", "Slow", "Glass", "Silver", "Hollow", "Äther", "雨の", "Polar", "Ночь")
THINGS = ("Light", "Boats", "River", "Garden", "Engine", "Señal", "道", "Fires", "Room", '"Clock"')


@dataclass(frozen=True, slots=True)
class Played:
    """A song that was played from `started` (epoch seconds) for `seconds` of its `length`."""

    title: str
    artist: str
    album: str
    length: int
    started: int
    seconds: int

    @property
    def ended(self) -> int:
        return self.started + self.seconds

    @property
    def skipped(self) -> bool:
        return self.seconds < self.length


def listening(plays: int, *, until: int, seed: int) -> Iterator[Played]:
    """`plays` songs one after the other, oldest first; the last one ends before `until`.

    Most are played to their end, some are skipped, and some follow themselves. Starts are whole
    minutes, because some services write no seconds.
    """
    dice = Dice("listening", seed)
    songs = [_song(number, dice) for number in range(SONGS)]
    at = until - plays * SPACING
    song = songs[0]
    for _ in range(plays):
        if dice.chance(0.95):
            song = songs[min(int(-50 * log(1 - dice.fraction())), SONGS - 1)]
        title, artist, album, length = song
        part = dice.fraction()
        seconds = length if part < 0.8 else int(length * dice.pick((0.02, 0.3, 0.45, 0.6, 0.9)))
        yield Played(title, artist, album, length, at, seconds)
        at += SPACING


def _song(number: int, dice: Dice) -> tuple[str, str, str, int]:
    title = f"{WORDS[number % 10]} {THINGS[number // 10 % 10]} {number}"
    return title, f"The {WORDS[number // 3 % 10]}s", f"Album {number // 4}", dice.whole(70, 400)
