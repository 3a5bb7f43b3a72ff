"""That the runs notice: each guard removed in turn, and the first seed that tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from cli.chaos_run.mutations import MUTATIONS
from cli.chaos_run.pool import outcomes

SEEDS = 50
_AT_ONCE = 10


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
    """Each guard's, with how many there are."""
    for name in MUTATIONS:
        yield _proof(name, workers), len(MUTATIONS)


def proof_table(found: Sequence[Proof]) -> Table:
    shown = Table("guard that was removed", "first seed", "what it saw", title="Mutation proof")
    for proof in found:
        seed = "none" if proof.seed is None else str(proof.seed)
        shown.add_row(proof.guard, seed, proof.saw)
    return shown


def _proof(name: str, workers: int | None) -> Proof:
    guard = MUTATIONS[name].guard
    for begin in range(0, SEEDS, _AT_ONCE):
        seeds = range(begin, begin + _AT_ONCE)
        ran = outcomes(seeds, workers=workers, mutation=name)
        told = {one.seed: one.wrong for one in ran if one.wrong}
        if told:
            first = min(told)
            return Proof(guard, first, told[first][0])
    return Proof(guard, None, "")
