"""The faults that hit calls, messages and processes: none, unless a subclass injects them."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from cli.in_memory.faults import Fault
from simulator.listeners.dice import Dice

T = TypeVar("T")


class Spell(Protocol):
    """A fault with a duration. `retry_after` is in seconds, 0 for none."""

    @property
    def retry_after(self) -> int: ...


class _Steady(Dice):
    """Always draws the shortest time and the largest number, and keeps the order."""

    def chance(self, probability: float) -> bool:
        return probability >= 1

    def whole(self, low: int, high: int) -> int:  # noqa: ARG002
        return high

    def between(self, low: float, high: float) -> float:  # noqa: ARG002
        return low

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return list(items)


class Conditions:
    """No faults, and full batches. `dice` draws what varies: batch sizes and durations."""

    def __init__(self, dice: Dice | None = None) -> None:
        self.dice = dice or _Steady()

    def strikes(self, fault: Fault) -> bool:  # noqa: ARG002
        """Whether the fault hits the current operation."""
        return False

    def spell(self, fault: Fault, provider: str = "") -> Spell | None:  # noqa: ARG002
        """The active spell of the fault, or None."""
        return None

    def skew(self) -> float:
        """Clock skew of a new process or event (seconds)."""
        return 0.0
