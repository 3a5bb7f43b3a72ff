"""Concurrent tasks end as they would one at a time."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topk.usecases.lists.interleave import Task, run_interleaved, run_single


@given(st.lists(st.integers(0, 4), max_size=12), st.integers(1, 5))
def test_all_tasks_end_within_the_concurrency_limit(pauses: list[int], at_once: int) -> None:
    under_way: set[int] = set()
    most = 0

    def task(number: int) -> Task[int]:
        nonlocal most
        under_way.add(number)
        most = max(most, len(under_way))
        for _ in range(pauses[number]):
            yield
        under_way.remove(number)
        return number

    found = list(run_interleaved(map(task, range(len(pauses))), at_once=at_once))
    assert Counter(found) == Counter(range(len(pauses)))
    assert most <= at_once


def test_a_task_continues_while_another_waits() -> None:
    steps: list[str] = []

    def task(name: str) -> Task[None]:
        steps.append(f"{name} asks")
        yield
        steps.append(f"{name} continues")

    list(run_interleaved([task("a"), task("b")], at_once=2))
    assert steps == ["a asks", "b asks", "a continues", "b continues"]


def test_an_exception_of_a_task_is_raised() -> None:
    def task() -> Task[None]:
        yield
        raise KeyError("lost")

    with pytest.raises(KeyError):
        run_single(task)()
