"""Proves that fault runs notice a missing guard: removes each in turn, and finds the first seed
that fails."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass

from rich.table import Table

from cli.studies.chaos.mutations import MUTATIONS
from cli.studies.chaos.oracle.outcome import run_seed
from cli.studies.chaos.pool import pool

SEEDS = range(50)


@dataclass(frozen=True, slots=True)
class Proof:
    """`seed` is the first that noticed, None if none did; `saw` is its first message."""

    guard: str
    seed: int | None
    saw: str

    @property
    def noticed(self) -> bool:
        return self.seed is not None


def proofs(*, workers: int | None = None) -> Iterator[tuple[Proof, int]]:
    """Yields the proof of each guard as it is found, with the total number of guards."""
    with pool(workers or os.cpu_count() or 1) as processes:
        for done in as_completed([processes.submit(proof, name) for name in MUTATIONS]):
            yield done.result(), len(MUTATIONS)


def proof(name: str, seeds: Iterable[int] = SEEDS) -> Proof:
    """Runs `seeds` without the guard until one notices."""
    guard = MUTATIONS[name].guard
    for seed in seeds:
        if wrong := run_seed(seed, mutation=name).wrong:
            return Proof(guard, seed, wrong[0])
    return Proof(guard, None, "")


def proof_table(found: Sequence[Proof]) -> Table:
    shown = Table("guard that was removed", "first seed", "what it saw", title="Mutation proof")
    for one in found:
        seed = "none" if one.seed is None else str(one.seed)
        shown.add_row(one.guard, seed, one.saw)
    return shown
