"""Plans: determined by their seed, with each fault alone and together, and ending in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.in_memory.faults import SPELLS, Fault
from cli.studies.chaos.plan import HOUR, STORM_HOURS, draw


@given(st.integers(0, 100_000))
def test_a_plan_is_determined_by_its_seed_and_faults_end_with_the_storm(seed: int) -> None:
    plan = draw(seed)
    assert plan == draw(seed)
    assert all(0 <= spell.begin < spell.end <= STORM_HOURS * HOUR for spell in plan.spells)
    assert all(rate > 0 for rate in plan.rates.values())


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_appears_alone_and_with_others(fault: Fault) -> None:
    alone = [seed for seed in range(200) if draw(seed).faults == {fault}]
    assert alone
    assert any(fault in draw(seed).faults for seed in range(25, 75) if seed not in alone)


def test_each_period_has_a_fault_that_can_last() -> None:
    found = {spell.fault for seed in range(200) for spell in draw(seed).spells}
    assert found == set(SPELLS)


def test_a_plan_can_be_written_as_json() -> None:
    description = draw(40).described()
    assert description["seed"] == 40
    assert {"rates", "spells", "users"} < description.keys()
