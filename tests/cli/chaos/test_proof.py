"""That storms notice: with any one guard of the product removed, a promise is seen broken."""

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
    "checkpoint-first": (27, 36, 41),
    "no-union": (0, 1),
    "unconditional": (27, 28, 30),
    "all-done": (6, 33, 40),
    "no-catch-up": (36, 23, 33),
    "no-sweep": (32, 33, 34),
    "seen-by-all": (0, 1),
    "deleted-once": (6, 5, 8),
    "announced-once": (37,),
    "private-announced": (0, 1),
}
"""Storms that tell, found by `topk chaos --prove`, which goes through all of the first fifty."""


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """In which a seed takes the same scheduler every time."""
    with pool(1) as found:
        yield found


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_guard_that_is_missing_is_noticed(processes: ProcessPoolExecutor, name: str) -> None:
    assert processes.submit(proof, name, _NOTICED_BY[name]).result().noticed


def test_the_storms_of_overlap_have_nothing_else() -> None:
    plans = [draw(seed) for seed in _OVERLAP]
    assert {plan.faults for plan in plans} == {frozenset({Fault.DUPLICATE, Fault.STALLED})}


def test_a_guard_that_nobody_misses_is_told(processes: ProcessPoolExecutor) -> None:
    missed = processes.submit(proof, "no-catch-up", [0]).result()
    assert not missed.noticed
    assert proof_table([missed]).row_count == 1
