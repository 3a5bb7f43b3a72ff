"""Faults of the calls that functions make to AWS, drawn for each call from a seed."""

from collections import Counter
from collections.abc import Callable
from enum import Enum

from simulator.listeners.dice import Dice

_RATES = 0.04
"""Rate of each fault outside bursts: low enough for SDK retries to succeed."""
_BURST_RATE = 0.9
"""Rate of faults in a burst: too high for SDK retries."""
_BURST_EVERY_SECONDS, _BURST_SECONDS = 6.0, 1.2


class Fault(Enum):
    """Value: a description of the fault."""

    SERVER_ERROR = "a call is answered 500"
    THROTTLED = "a call is throttled"
    RESET = "a connection is reset before a call takes effect"
    UNANSWERED = "a connection is reset after a call took effect"
    LATE = "a call takes effect, and its answer comes too late"


class Faults:
    """Injects faults between `start` and `heal`. `now` returns monotonic seconds.

    The number of calls in a run depends on the machine, so two runs of a seed have similar faults,
    not the same ones.
    """

    def __init__(self, seed: int, now: Callable[[], float]) -> None:
        self._dice = Dice("wire", seed)
        self._now = now
        self._injecting = False
        self.injected: Counter[Fault] = Counter()
        self.calls = 0

    def start(self) -> None:
        self._injecting = True

    def heal(self) -> None:
        self._injecting = False

    def draw(self) -> Fault | None:
        """The fault that hits the current call, or None. Counts both calls and faults."""
        self.calls += 1
        if not self._injecting:
            return None
        in_burst = self._now() % _BURST_EVERY_SECONDS < _BURST_SECONDS
        if not self._dice.chance(_BURST_RATE if in_burst else _RATES * len(Fault)):
            return None
        # The waits of late answers would stretch a burst into an outage.
        kinds = [fault for fault in Fault if not (in_burst and fault is Fault.LATE)]
        fault = self._dice.pick(kinds)
        self.injected[fault] += 1
        return fault
