"""A limit on processor time, whatever the machine's load."""

import pytest

from topk.domain.errors import OverBudgetError
from topk.runtime.cpu_budget import cpu_budget, within
from topk.usecases.lists.interleave import Task, run_interleaved


def _compute_for_ever() -> None:
    while True:
        pass


def test_a_step_without_an_end_is_stopped_and_the_other_tasks_end() -> None:
    def task(number: int) -> Task[int]:
        yield
        if number == 1:
            _compute_for_ever()
        return number

    def safe(number: int) -> Task[int | None]:
        try:
            return (yield from within(task(number), 0.05))
        except OverBudgetError:
            return None

    assert list(run_interleaved(map(safe, range(3)), at_once=3)) == [0, None, 2]


def test_what_ends_in_time_leaves_no_limit_behind() -> None:
    with cpu_budget(0.05):
        pass
    assert sum(range(3_000_000)) > 0
    with pytest.raises(OverBudgetError), cpu_budget(0.05):
        _compute_for_ever()
