"""How evenly the capacity units of a run are spread over the partitions of each table."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heat:
    """Shares of a table's units (0 to 1): of the hottest key, and of the hottest tenth of keys."""

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
