"""How evenly the units of a run fall on the partitions of each table."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heat:
    """Shares of 1 of a table's units: of its hottest key, and of the hottest tenth of its keys."""

    keys: int
    units: float
    hottest: str
    share: float
    top_tenth: float


def heat(by_table: Mapping[str, Mapping[str, float]]) -> dict[str, Heat]:
    return {table: _of(counts) for table, counts in sorted(by_table.items()) if counts}


def _of(counts: Mapping[str, float]) -> Heat:
    ordered = sorted(counts.items(), key=lambda one: one[1], reverse=True)
    units = sum(counts.values())
    tenth = ordered[: max(1, len(ordered) // 10)]
    key, most = ordered[0]
    return Heat(
        keys=len(ordered),
        units=units,
        hottest=key,
        share=most / units,
        top_tenth=sum(one for _, one in tenth) / units,
    )
