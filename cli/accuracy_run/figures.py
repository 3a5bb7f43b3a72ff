"""What the judgements come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cli.accuracy_run.judgement import Judgement


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over listeners. `lost` is a share of the plays that once could be known."""

    lists: int
    exact: int
    plays_true: int
    plays_obtainable: int
    plays_counted: int
    double_counted: int
    lost: float

    @classmethod
    def of(cls, judged: Sequence[Judgement]) -> "Tally":
        obtainable, lost = (
            sum(one.plays_obtainable for one in judged),
            sum(one.lost for one in judged),
        )
        return cls(
            lists=len(judged),
            exact=sum(not one.fault for one in judged),
            plays_true=sum(one.plays_true for one in judged),
            plays_obtainable=obtainable,
            plays_counted=sum(one.plays_counted for one in judged),
            double_counted=sum(one.double_counted for one in judged),
            lost=lost / max(obtainable + lost, 1),
        )

    @property
    def flawless(self) -> bool:
        return self.exact == self.lists and not self.double_counted

    def figures(self, cadence: str) -> dict[str, Any]:
        """As out/accuracy.json holds them; the share lost is named for the `cadence`."""
        counts = ("lists", "exact", "plays_true", "plays_obtainable", "plays_counted")
        told = {name: getattr(self, name) for name in (*counts, "double_counted")}
        return told | {f"lost_{cadence}": round(self.lost, 6)}
