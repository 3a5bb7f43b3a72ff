"""That the runs notice: each guard removed in turn, and the first seed that tells."""

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
    """`seed` is the first that noticed, None for none of them; `saw` what it said."""

    guard: str
    seed: int | None
    saw: str

    @property
    def noticed(self) -> bool:
        return self.seed is not None


def proofs(*, workers: int | None = None) -> Iterator[tuple[Proof, int]]:
    """Each guard's as it is found, with how many there are; a process looks for one at a time."""
    with pool(workers or os.cpu_count() or 1) as processes:
        for done in as_completed([processes.submit(proof, name) for name in MUTATIONS]):
            yield done.result(), len(MUTATIONS)


def proof(name: str, seeds: Iterable[int] = SEEDS) -> Proof:
    """The first of `seeds` that notices what is missing; after it no other is run."""
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
