"""A limit on the processor time of work that one user brought, which others wait behind."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import FrameType
from typing import NoReturn

from topk.domain.errors import OverBudgetError
from topk.usecases.lists.interleave import Result, Task


def within(task: Task[Result], seconds: float) -> Task[Result]:
    """`task`, in which no step may take more than `seconds` of processor time.

    Raises OverBudgetError from the step that does. Waiting costs nothing.
    """
    while True:
        try:
            with cpu_budget(seconds):
                next(task)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield


@contextmanager
def cpu_budget(seconds: float) -> Iterator[None]:
    """Raises OverBudgetError in the block when it has used `seconds` of processor time.

    Signals reach the main thread alone, in which Lambda calls a handler: elsewhere there is no
    limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _handle_signals()
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@lru_cache(maxsize=1)
def _handle_signals() -> None:
    """Once for the process, as setting a handler costs ten times as much as setting a timer."""
    signal.signal(signal.SIGVTALRM, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise OverBudgetError("more processor time than a user has")
