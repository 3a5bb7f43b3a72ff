"""Runs seeds in worker processes, one per core."""

import gc
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from unittest.mock import patch

from cli.studies.chaos.oracle.outcome import Outcome, run_seed

_FIXED_HASHES: Mapping[str, str] = {"PYTHONHASHSEED": "0"}
"""Without it, sets of strings have another order in each process, and no run can be replayed."""


def outcomes(
    seeds: Iterable[int], *, workers: int | None = None, traced: bool = False, mutation: str = ""
) -> Iterator[Outcome]:
    """Yields the outcome of each seed as it finishes, and then closes the pool."""
    with pool(workers or os.cpu_count() or 1) as processes:
        due = [processes.submit(run_seed, seed, traced=traced, mutation=mutation) for seed in seeds]
        try:
            for done in as_completed(due):
                yield done.result()
        finally:
            for run in due:
                run.cancel()


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    with patch.dict("os.environ", _FIXED_HASHES):
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            workers, mp_context=context, initializer=_freeze_imports
        ) as processes:
            yield processes


def _freeze_imports() -> None:
    """Excludes imported objects from garbage collection: they live as long as the process."""
    gc.collect()
    gc.freeze()
