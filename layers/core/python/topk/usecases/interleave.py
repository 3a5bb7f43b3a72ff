"""Tasks that go on while others wait for an answer, without threads."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import TypeVar

Result = TypeVar("Result")
Task = Generator[None, None, Result]
"""Pauses after it asked for something, and waits for the answer when it goes on."""


def interleaved(tasks: Iterable[Task[Result]], *, at_once: int) -> Iterator[Result]:
    """What each of `tasks` returns, in the order in which they end; `at_once` are under way.

    Each goes on in turn. Raises what a task raises.
    """
    waiting = iter(tasks)
    under_way = deque(islice(waiting, at_once))
    while under_way:
        task = under_way.popleft()
        try:
            next(task)
        except StopIteration as end:
            yield end.value
            under_way.extend(islice(waiting, 1))
        else:
            under_way.append(task)


def done(task: Task[Result]) -> Result:
    """What `task` returns, which nothing else goes on beside."""
    [result] = interleaved([task], at_once=1)
    return result
