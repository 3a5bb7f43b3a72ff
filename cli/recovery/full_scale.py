"""How long a recovery takes at full scale, and in how many parts: from a drill's rate, and
DynamoDB's quotas.

Parts are processes of one core each. They share the tables, whose quotas are the other limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

CHUNKS, LISTS = 1_700_000_000, 50_000_000
UNITS_A_SECOND = 40_000
"""Default quota of an on-demand table, of reads and of writes, which AWS raises on request.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""
WITHIN_HOURS = {"Plays": 12, "TopLists": 6}
_SHARE_TO_COMPUTE = 0.75
"""Of that time, so that parts which are slower than the others are in time too."""
_READ_UNITS_A_CHUNK = 0.125
"""Eventually consistent, with four chunks of up to a kilobyte in one unit of two reads."""
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class FullScale:
    """`parts` are as many as compute in time, a power of two. `compute_hours` is the CPU time of
    one; `read_hours` and `write_hours` are what the tables need at their quota. The recovery takes
    as long as the longest.
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
    core_hours = CHUNKS / rate / _HOUR
    parts = _parts(core_hours, WITHIN_HOURS[table])
    written = (LISTS if lists else CHUNKS) * loss["write_units_each"]
    read = 2 * CHUNKS * _READ_UNITS_A_CHUNK if lists else 0.0
    return FullScale(
        table,
        rate,
        parts,
        core_hours / parts,
        read / UNITS_A_SECOND / _HOUR,
        written / UNITS_A_SECOND / _HOUR,
    )


def _parts(core_hours: float, within_hours: float) -> int:
    needed = ceil(core_hours / (within_hours * _SHARE_TO_COMPUTE))
    return 1 << (needed - 1).bit_length()


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
