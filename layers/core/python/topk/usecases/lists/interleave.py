"""Tasks that go on while others wait for an answer, without threads."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import wraps
from itertools import islice
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
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


def alone(task: Callable[Given, Task[Result]]) -> Callable[Given, Result]:
    """`task` as a function, which returns what it returns when nothing else goes on beside it."""

    @wraps(task)
    def run(*given: Given.args, **named: Given.kwargs) -> Result:
        [result] = interleaved([task(*given, **named)], at_once=1)
        return result

    return run
