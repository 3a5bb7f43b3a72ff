"""How long a recovery takes at full scale: from a drill's rate, and DynamoDB's quotas.

Parts are processes of one core each. They share the tables, whose quotas are the other limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHUNKS, LISTS = 1_700_000_000, 50_000_000
UNITS_A_SECOND = 40_000
"""Default quota of an on-demand table, of reads and of writes, which AWS raises on request.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""
PARTS = {"Plays": 32, "TopLists": 64}
"""Processes that restore, or rebuild."""
WITHIN_HOURS = {"Plays": 12, "TopLists": 6}
_READ_UNITS_A_CHUNK = 0.125
"""Eventually consistent, with four chunks of up to a kilobyte in one unit of two reads."""
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class FullScale:
    """`compute_hours` is the CPU time of one part; `read_hours` and `write_hours` are what the
    tables need at their quota. The recovery takes as long as the longest.
    """

    lost_table: str
    chunks_a_core_second: float
    parts: int
    compute_hours: float
    read_hours: float
    write_hours: float

    @property
    def hours(self) -> float:
        return max(self.compute_hours, self.read_hours, self.write_hours)


def full_scale(loss: Mapping[str, Any]) -> FullScale:
    """The figures of a drill (out/drill.json) at full scale.

    A rebuild is taken to compute in proportion to the chunks that it reads: an owner has more of
    them than in the drill. It reads every chunk twice, once to find its owner.
    """
    table = loss["lost_table"]
    lists = table == "TopLists"
    rate = loss["chunks"] / loss["cpu_seconds"]
    written = (LISTS if lists else CHUNKS) * loss["write_units_each"]
    read = 2 * CHUNKS * _READ_UNITS_A_CHUNK if lists else 0.0
    return FullScale(
        table,
        rate,
        PARTS[table],
        CHUNKS / rate / PARTS[table] / _HOUR,
        read / UNITS_A_SECOND / _HOUR,
        written / UNITS_A_SECOND / _HOUR,
    )


COLUMNS = (
    "table lost",
    "parts",
    "chunks per core second",
    "computing",
    "reading at the quota",
    "writing at the quota",
    "recovered in",
)


def row(found: FullScale) -> tuple[str, ...]:
    return (
        found.lost_table,
        str(found.parts),
        f"{found.chunks_a_core_second:,.0f}",
        f"{found.compute_hours:.1f} h",
        f"{found.read_hours:.1f} h",
        f"{found.write_hours:.1f} h",
        f"{found.hours:.1f} h",
    )
