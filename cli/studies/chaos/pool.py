"""Seeds in processes of their own, one for each core."""

import gc
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from unittest.mock import patch

from cli.studies.chaos.oracle.outcome import Outcome, run_seed

_FIXED_HASHES: Mapping[str, str] = {"PYTHONHASHSEED": "0"}
"""Sets of names are otherwise ordered anew in each process, and no seed is replayed exactly."""


def outcomes(
    seeds: Iterable[int], *, workers: int | None = None, traced: bool = False, mutation: str = ""
) -> Iterator[Outcome]:
    """The outcome of each seed, as they come. The pool ends with the iteration."""
    with pool(workers or os.cpu_count() or 1) as processes:
        due = [processes.submit(run_seed, seed, traced=traced, mutation=mutation) for seed in seeds]
        try:
            for done in as_completed(due):
                yield done.result()
        finally:
            for one in due:
                one.cancel()


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    with patch.dict("os.environ", _FIXED_HASHES):
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_settle) as processes:
            yield processes


def _settle() -> None:
    """What a process has imported lives as long as it does, and is not searched for garbage."""
    gc.collect()
    gc.freeze()
