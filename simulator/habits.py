"""The habits of a world's providers, and the plays, requests and accounts that they affect."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from simulator.habit import USUAL, Habit
from simulator.listeners.dice import Dice

_NAMED = {name: habit for habit in Habit for name in (habit.number, habit.word)}


@dataclass(frozen=True)
class Habits:
    """Rates by habit, 0 to 1. The same seed, habit and subject always give the same decision."""

    rates: Mapping[Habit, float] = field(default_factory=dict)
    seed: int = 0

    @classmethod
    def none(cls) -> "Habits":
        """Unlimited histories, and no faults."""
        return cls()

    @classmethod
    def usual(cls) -> "Habits":
        """The habits that are always there: the ring of fifty, null cursors, replays on top."""
        return cls({habit: habit.rate for habit in USUAL})

    @classmethod
    def all(cls) -> "Habits":
        return cls({habit: habit.rate for habit in Habit})

    @classmethod
    def parse(cls, text: str) -> "Habits":
        """Parses `none`, `usual`, `all`, or a list such as "1,again,14=0.2".

        A list has numbers or names, with a rate or the habit's default. Raises ValueError, with one
        line, for anything else.
        """
        words = [word.strip() for word in text.split(",")]
        made = {"none": cls.none, "usual": cls.usual, "all": cls.all}.get(words[0])
        given = dict(_rated(word) for word in words[made is not None :])
        return cls({**(made().rates if made else {}), **given})

    def without(self, *habits: Habit) -> "Habits":
        return replace(
            self, rates={one: self.rates[one] for one in self.rates if one not in habits}
        )

    def adding(self, rates: Mapping[Habit, float]) -> "Habits":
        return replace(self, rates={**self.rates, **rates})

    def seeded(self, seed: int) -> "Habits":
        return replace(self, seed=seed)

    def has(self, habit: Habit) -> bool:
        return self.rates.get(habit, 0.0) > 0

    def strikes(self, habit: Habit, *subject: object) -> bool:
        """Whether the habit affects `subject`: an account and a play, a request number, a time."""
        rate = self.rates.get(habit, 0.0)
        return rate > 0 and self._fraction(habit, subject) < rate

    def dice(self, habit: Habit, *subject: object) -> Dice:
        """Draws the details of how `subject` is affected."""
        return Dice(self.seed, habit.word, *subject)

    def _fraction(self, habit: Habit, subject: tuple[object, ...]) -> float:
        name = "/".join(map(str, (self.seed, habit.word, *subject)))
        return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) / 2**64


def _rated(word: str) -> tuple[Habit, float]:
    name, _, rate = word.partition("=")
    habit = _NAMED.get(name.strip())
    if habit is None:
        raise ValueError(f"there is no habit {name.strip()!r}")
    try:
        number = float(rate) if "=" in word else habit.rate
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ValueError(f"the rate of habit {name.strip()} must be from 0 to 1, not {rate!r}")
    return habit, number


USUALLY = Habits.usual()
