"""Seeded randomness: the only source of randomness in the simulated world."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Random draws that depend only on the words in `name`.

    Every draw is made of `Random.random()`, whose sequence for a seed Python guarantees from
    version to version (https://docs.python.org/3/library/random.html#notes-on-reproducibility).
    """

    def __init__(self, *name: object) -> None:
        self._random = Random("/".join(map(str, name))).random  # noqa: S311 - not for secrets

    def fraction(self) -> float:
        """Uniform in [0, 1)."""
        return self._random()

    def chance(self, probability: float) -> bool:
        return self._random() < probability

    def whole(self, low: int, high: int) -> int:
        """Uniform among low, ..., high."""
        return low + int(self._random() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        return low + self._random() * (high - low)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self._random() * len(choices))]

    def word(self, alphabet: str, length: int) -> str:
        draw, many = self._random, len(alphabet)
        return "".join([alphabet[int(draw() * many)] for _ in range(length)])

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return sorted(items, key=lambda _: self._random())


class Weighted:
    """Draws positions 0, 1, ... in proportion to their weights."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._reach = list(accumulate(weights))

    def draw(self, dice: Dice) -> int:
        return bisect(self._reach, dice.fraction() * self._reach[-1])


def zipf(size: int, exponent: float = 1.0) -> Weighted:
    """A Zipf distribution: position r has weight 1 / (r + 1) ** exponent."""
    return Weighted([(rank + 1) ** -exponent for rank in range(size)])
