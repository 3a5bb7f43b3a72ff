"""A small world and a simulation of all scenarios in it, which the tests share."""

from pathlib import Path

import pytest

from cli.studies.capacity.decisions import decisions
from simulator.capacity.inputs import Inputs, read_inputs
from simulator.capacity.scenarios import SCENARIOS
from simulator.capacity.study import Study, study

FULL_SCALE = 50_000_000
SAMPLED = 300


@pytest.fixture(scope="session")
def inputs() -> Inputs:
    return read_inputs(Path("no-bench.json"), users=FULL_SCALE)


@pytest.fixture(scope="session")
def day(inputs: Inputs) -> Study:
    """Two days at full scale, with the decisions on a few accounts: all crawls are counted."""
    return study(SCENARIOS, inputs, decisions(SAMPLED, days=2, seed=11), days=2, seed=11)
