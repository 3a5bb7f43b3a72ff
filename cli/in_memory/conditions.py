"""What befalls calls, messages and processes: nothing, unless a subclass says otherwise."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from cli.in_memory.faults import Fault
from simulator.listeners.dice import Dice

T = TypeVar("T")


class Spell(Protocol):
    """A fault that lasts for a while. `retry_after` is in seconds, 0 for none."""

    @property
    def retry_after(self) -> int: ...


class _Steady(Dice):
    """Draws the shortest time, the largest number and the order as it is."""

    def chance(self, probability: float) -> bool:
        return probability >= 1

    def whole(self, low: int, high: int) -> int:  # noqa: ARG002
        return high

    def between(self, low: float, high: float) -> float:  # noqa: ARG002
        return low

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return list(items)


class Conditions:
    """No faults, and batches as full as they may be. `dice` draws what may be one way or another:
    the size of a batch, how long something takes."""

    def __init__(self, dice: Dice | None = None) -> None:
        self.dice = dice or _Steady()

    def strikes(self, fault: Fault) -> bool:  # noqa: ARG002
        """Whether the fault befalls what is done at this moment."""
        return False

    def spell(self, fault: Fault, provider: str = "") -> Spell | None:  # noqa: ARG002
        """The spell of the fault that lasts at this moment."""
        return None

    def skew(self) -> float:
        """Seconds by which a clock differs."""
        return 0.0
