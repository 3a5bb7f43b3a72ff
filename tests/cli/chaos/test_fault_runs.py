"""Whole storms keep every promise and repeat exactly for the same seed."""

import pytest

from cli.studies.chaos.oracle.outcome import run_plan, run_seed
from cli.studies.chaos.plan import Plan, draw


@pytest.mark.parametrize("seed", [*range(0, 25, 2), *range(25, 40)])
def test_every_promise_is_kept_under_all_faults(seed: int) -> None:
    assert run_seed(seed).wrong == []


def test_without_faults_there_are_no_failures() -> None:
    outcome = run_plan(Plan(seed=3, users=2))
    assert (outcome.wrong, outcome.injected) == ([], {})


def test_the_same_seed_gives_exactly_the_same_trace() -> None:
    first, second = (run_seed(29, traced=True) for _ in range(2))
    assert first.trace == second.trace
    assert first.digest == second.digest


def test_planned_faults_happen() -> None:
    injected = run_seed(40).injected
    assert len(draw(40).faults) - len(injected) < 8
    assert all(times > 0 for times in injected.values())


def test_no_trace_contains_a_token() -> None:
    assert "simulated-" not in "\n".join(run_seed(29, traced=True).trace)
