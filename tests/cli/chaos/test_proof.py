"""Storms detect faults: removing any one guard of the product breaks a promise."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from cli.in_memory.faults import Fault
from cli.studies.chaos.mutations import MUTATIONS
from cli.studies.chaos.plan import draw
from cli.studies.chaos.pool import pool
from cli.studies.chaos.proof import proof, proof_table

_OVERLAP = range(26, 32)
_NOTICED_BY = {
    "checkpoint-first": (41, 42),
    "no-union": (0, 1),
    "unconditional": (32, 33),
    "all-done": (6, 33, 40),
    "no-catch-up": (36, 23, 33),
    "no-sweep": (32, 33, 34),
    "seen-by-all": (0, 1),
    "deleted-once": (6, 5, 8),
    "announced-once": (37,),
    "private-announced": (0, 1),
}
"""Storms that detect it, found by `topk chaos --prove` among the first fifty."""


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """A folder in which a seed takes the same course every time."""
    with pool(1) as found:
        yield found


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_missing_guard_is_detected(processes: ProcessPoolExecutor, name: str) -> None:
    assert processes.submit(proof, name, _NOTICED_BY[name]).result().noticed


def test_overlap_storms_have_no_other_faults() -> None:
    plans = [draw(seed) for seed in _OVERLAP]
    assert {plan.faults for plan in plans} == {frozenset({Fault.DUPLICATE, Fault.STALLED})}


def test_a_guard_without_effect_is_reported(processes: ProcessPoolExecutor) -> None:
    missed = processes.submit(proof, "no-catch-up", [0]).result()
    assert not missed.noticed
    assert proof_table([missed]).row_count == 1
