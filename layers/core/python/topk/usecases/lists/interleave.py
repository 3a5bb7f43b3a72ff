"""Run tasks interleaved while others wait for a response, without threads."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import wraps
from itertools import islice
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
Task = Generator[None, None, Result]
"""A task that yields after sending a request, and waits for the response when resumed."""


def run_interleaved(tasks: Iterable[Task[Result]], *, at_once: int) -> Iterator[Result]:
    """Yields the result of each of `tasks` in order of completion, with `at_once` in progress.

    Tasks are resumed in turn. Raises what a task raises.
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


def run_single(task: Callable[Given, Task[Result]]) -> Callable[Given, Result]:
    """Run `task` alone and return its result."""

    @wraps(task)
    def run(*given: Given.args, **named: Given.kwargs) -> Result:
        [result] = run_interleaved([task(*given, **named)], at_once=1)
        return result

    return run
