"""CPU time and memory of this process."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class WrongAnswerError(Exception):
    """What was measured did not do its work; its figures would be of nothing."""


@dataclass(frozen=True, slots=True)
class Sample:
    """CPU milliseconds for one operation: median, least and most of the repeats."""

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
    """The most memory that this process ever held (MB).

    Not by getrusage: its figure is inherited from the process that this one was forked from.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def expect(what: str, found: object, wanted: object) -> None:
    """Raises WrongAnswerError where they differ."""
    if found != wanted:
        raise WrongAnswerError(f"{what}: {found} instead of {wanted}")
