"""CPU time and memory of this process."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class WrongAnswerError(Exception):
    """The measured code returned a wrong result, so its figures would be meaningless."""


@dataclass(frozen=True, slots=True)
class Sample:
    """CPU milliseconds per operation: median, minimum and maximum of the repeats."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Sample":
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))


def cpu_ms(work: Callable[[], Any], *, operations: int = 1) -> float:
    """CPU milliseconds that this process, in all its threads, spends on one of `operations`."""
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began) / operations


def resident_mb() -> float:
    """The peak resident memory of this process (MB).

    Not from getrusage, whose figure is inherited from the parent process.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def expect(what: str, found: object, wanted: object) -> None:
    """Raises WrongAnswerError if `found` is not `wanted`."""
    if found != wanted:
        raise WrongAnswerError(f"{what}: {found} instead of {wanted}")
