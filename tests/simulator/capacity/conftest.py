"""A small world and a simulation of all scenarios in it, which the tests share."""

from pathlib import Path

import pytest

from simulator.capacity.inputs import Inputs, read_inputs
from simulator.capacity.scenarios import SCENARIOS
from simulator.capacity.study import Study, study

FULL_SCALE = 50_000_000


@pytest.fixture(scope="session")
def inputs() -> Inputs:
    return read_inputs(Path("no-bench.json"), users=FULL_SCALE)


@pytest.fixture(scope="session")
def day(inputs: Inputs) -> Study:
    """Two days at full scale: the simulation counts crawls, so that scale costs nothing."""
    return study(SCENARIOS, inputs, days=2, seed=11)
