"""The rows of the table of starts, from out/starts.json."""

from collections.abc import Mapping, Sequence
from typing import Any

CORE_MB = 1769
"""Lambda gives one vCPU at this memory.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
COLUMNS = (
    "function",
    "memory",
    "resident",
    "init",
    "before the snapshot",
    "first invocation",
    "at its memory",
    "warm",
)


def rows(found: Mapping[str, Any]) -> list[Sequence[str]]:
    return [
        (
            name,
            f"{one['megabytes']} MB",
            f"{one['resident_mb']:.0f} MB",
            _times(one["init"]),
            _times(one["before_snapshot"]) if one["snap_start"] else "",
            _times(one["first"]),
            f"{at_its_memory(one):.0f} ms",
            f"{one['warm']['cpu_ms']:.1f} ms",
        )
        for name, one in found["functions"].items()
    ]


def at_its_memory(one: Mapping[str, Any]) -> float:
    """Milliseconds that the first invocation computes with the share of a core that it has."""
    cpu_ms, megabytes = float(one["first"]["cpu_ms"]), float(one["megabytes"])
    return cpu_ms * max(CORE_MB / megabytes, 1.0)


def _times(phase: Mapping[str, float]) -> str:
    return f"{phase['cpu_ms']:.0f} ms ({phase['wall_ms']:.0f} ms)"
