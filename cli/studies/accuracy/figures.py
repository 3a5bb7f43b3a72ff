"""Totals of the judgements."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from cli.studies.accuracy.judgement import Judgement

LEAST_EXACT = 0.995
"""Least share of lists that equal the truth, as far as reports tell."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over listeners.

    `plays_merged` and `plays_doubled` are lost and counted twice because reports cannot tell,
    `double_counted` beyond that. `plays_lost` were shown only between polls, `plays_unseen` never.
    """

    lists: int
    exact: int
    plays_true: int
    plays_obtainable: int
    plays_counted: int
    plays_merged: int
    plays_doubled: int
    double_counted: int
    plays_lost: int
    plays_unseen: int

    @classmethod
    def of(cls, judged: Iterable[Judgement]) -> "Tally":
        found = list(judged)
        return cls(
            lists=len(found),
            exact=sum(not one.fault for one in found),
            plays_true=sum(one.plays_true for one in found),
            plays_obtainable=sum(one.plays_obtainable for one in found),
            plays_counted=sum(one.plays_counted for one in found),
            plays_merged=sum(one.plays_merged for one in found),
            plays_doubled=sum(one.plays_doubled for one in found),
            double_counted=sum(one.double_counted for one in found),
            plays_lost=sum(one.plays_lost for one in found),
            plays_unseen=sum(one.plays_unseen for one in found),
        )

    @property
    def flawless(self) -> bool:
        return self.exact >= LEAST_EXACT * self.lists and not self.double_counted

    @property
    def lost(self) -> float:
        """The share of lost plays among those that a provider ever showed."""
        return self.plays_lost / max(self.plays_obtainable + self.plays_lost, 1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same listeners, crawled once a day and with the adaptive cadence."""

    daily: Tally
    adaptive: Tally

    @property
    def flawless(self) -> bool:
        return self.daily.flawless and self.adaptive.flawless

    def figures(self) -> dict[str, Any]:
        """The counts of the adaptive run, those of the daily one below `daily`; shares lost."""
        shares = {"lost_daily": self.daily.lost, "lost_adaptive": self.adaptive.lost}
        rounded = {name: round(share, 6) for name, share in shares.items()}
        return {**asdict(self.adaptive), **rounded, "daily": asdict(self.daily)}
