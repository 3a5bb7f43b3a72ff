"""Whole storms: every promise kept, the same scheduler for the same seed, and each guard needed."""

import pytest

from cli.studies.chaos.oracle.outcome import run_plan, run_seed
from cli.studies.chaos.plan import Plan, draw


@pytest.mark.parametrize("seed", [*range(0, 25, 2), *range(25, 40)])
def test_every_promise_is_kept_whatever_befalls(seed: int) -> None:
    assert run_seed(seed).wrong == []


def test_without_faults_nothing_happens_but_the_work() -> None:
    outcome = run_plan(Plan(seed=3, users=2))
    assert (outcome.wrong, outcome.injected) == ([], {})


def test_the_same_seed_takes_the_same_course_to_the_letter() -> None:
    first, second = (run_seed(29, traced=True) for _ in range(2))
    assert first.trace == second.trace
    assert first.digest == second.digest


def test_what_was_planned_happens() -> None:
    injected = run_seed(40).injected
    assert len(draw(40).faults) - len(injected) < 8
    assert all(times > 0 for times in injected.values())


def test_no_trace_names_a_token() -> None:
    assert "simulated-" not in "\n".join(run_seed(29, traced=True).trace)
