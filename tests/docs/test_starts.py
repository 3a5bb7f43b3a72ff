"""The recorded starts justify the memory of the functions behind the API."""

import re

import pytest

from cli.studies.figures.pages import read
from infra_cdk.functions.declarations import SPECS
from tests.synthesis import ROOT

SIZES = (512, 1024, 1769)
FIRST_MS = 60
"""Most milliseconds that a first invocation computes with the share of a core that it has."""
OF_THE_BILL = {"read": (512, 150)}
"""Memory, and most milliseconds of a first invocation, of what is invoked so often that the memory
it holds while it waits is a part of the bill: see the ADR on batched reads.
"""
NEED_A_CORE = {"card", "export", "privacy"}
"""What they do after the start needs it: see the ADR on snapshots."""
_RECORDED = {
    row[0]: row
    for table in read(ROOT / "docs" / "figures.json")["topk starts"].tables
    for row in table.rows
}


def _number(cell: str) -> float:
    return float(re.findall(r"[\d.]+", cell)[0])


def test_every_function_is_recorded_with_its_memory() -> None:
    recorded = {name: _number(row[1]) for name, row in _RECORDED.items()}
    assert recorded == {name: spec.megabytes for name, spec in SPECS.items()}


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, spec in SPECS.items()
        if spec.behind_api and name not in NEED_A_CORE and name not in OF_THE_BILL
    ),
)
def test_a_function_behind_the_api_has_the_smallest_memory_for_a_quick_start(name: str) -> None:
    row = _RECORDED[name]
    cpu, resident = _number(row[5]), _number(row[2])
    quick = [
        size for size in SIZES if cpu * max(1769 / size, 1) <= FIRST_MS and resident < size / 2
    ]
    assert SPECS[name].megabytes == quick[0]


@pytest.mark.parametrize("name", OF_THE_BILL)
def test_a_function_with_less_memory_starts_quickly_enough_for_the_objective(name: str) -> None:
    megabytes, most = OF_THE_BILL[name]
    assert SPECS[name].megabytes == megabytes
    assert _number(_RECORDED[name][5]) * 1769 / megabytes <= most


def test_the_first_read_after_a_restore_takes_at_most_60_ms_of_cpu() -> None:
    assert _number(_RECORDED["read"][5]) <= 60
