"""What befalls the calls that functions make to AWS, drawn call by call from a seed."""

from collections import Counter
from collections.abc import Callable
from enum import Enum

from simulator.listeners.dice import Dice

_RATES = 0.04
"""Of each fault, outside of bursts: what SDKs usually mend by trying again."""
_BURST_RATE = 0.9
"""Within a burst: what they cannot mend."""
_BURST_EVERY_SECONDS, _BURST_SECONDS = 6.0, 1.2


class Fault(Enum):
    """Value: what happens."""

    SERVER_ERROR = "a call is answered 500"
    THROTTLED = "a call is throttled"
    RESET = "a connection is reset before a call takes effect"
    UNANSWERED = "a connection is reset after a call took effect"
    LATE = "a call takes effect, and its answer comes too late"


class Faults:
    """`now` gives seconds that only grow. Nothing befalls anybody until `blow`, nor after `heal`.

    How many calls a run makes depends on the machine: the same seed gives like weather, not the
    same.
    """

    def __init__(self, seed: int, now: Callable[[], float]) -> None:
        self._dice = Dice("wire", seed)
        self._now = now
        self._blowing = False
        self.injected: Counter[Fault] = Counter()
        self.calls = 0

    def blow(self) -> None:
        self._blowing = True

    def heal(self) -> None:
        self._blowing = False

    def draw(self) -> Fault | None:
        """What befalls the call that is made now; None for nothing. Counts it."""
        self.calls += 1
        if not self._blowing:
            return None
        in_burst = self._now() % _BURST_EVERY_SECONDS < _BURST_SECONDS
        if not self._dice.chance(_BURST_RATE if in_burst else _RATES * len(Fault)):
            return None
        # Waiting for late answers would make a burst of them an outage of its own.
        kinds = [fault for fault in Fault if not (in_burst and fault is Fault.LATE)]
        fault = self._dice.pick(kinds)
        self.injected[fault] += 1
        return fault
