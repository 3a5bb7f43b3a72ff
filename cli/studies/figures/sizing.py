"""Load and storage of each table at full scale, from the meter and from the requirements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

DAY_SECONDS = 86_400
CRAWLS_A_DAY = 70_000_000
PROFILE_READS_A_DAY = 500_000_000
USERS = 50_000_000
CONNECTIONS = 3 * USERS
EDGES_EACH = 50
RETENTION_DAYS = 35

# Table, rows, bytes of a large typical row with its indexes, rows that a day adds.
_ROWS: Sequence[tuple[str, int, int, int]] = (
    ("Connections", CONNECTIONS, 1_024, 0),
    ("Timetable", CONNECTIONS, 100, 0),
    ("Plays", CRAWLS_A_DAY * RETENTION_DAYS, 1_024, CRAWLS_A_DAY),
    ("TopLists", USERS, 3_072, 0),
    ("Profiles", USERS, 300, 0),
    ("Follows", USERS * EDGES_EACH, 200, 0),
    ("Blocks", USERS, 200, 0),
    ("ProviderUsers", CONNECTIONS, 200, 0),
)


def storage() -> list[Sequence[str]]:
    """Rows of the table: table, rows, bytes of a row, stored, added a day."""
    return [
        (name, f"{rows / 1e6:,.0f}M", f"{size:,}", _bytes(rows * size), _bytes(added * size))
        for name, rows, size, added in _ROWS
    ]


def load(requests: Sequence[Mapping[str, Any]], crawls: int) -> list[Sequence[str]]:
    """Rows of the table: table, units a second of ingest (write, read) and of profile reads.

    `requests` is the list of cost.json, of a run with so many `crawls`.
    """
    ingest: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    views: dict[str, float] = defaultdict(float)
    profile_reads = 0
    for one in requests:
        if one["service"] != "dynamodb":
            continue
        if one["function"] == "read profile":
            views[one["resource"]] += one["read"]
            if one["resource"] == "top_lists":
                profile_reads += one["items"]
        elif not one["function"].startswith("read"):
            ingest[one["resource"]][0] += one["write"]
            ingest[one["resource"]][1] += one["read"]
    scale = CRAWLS_A_DAY / crawls / DAY_SECONDS
    viewed = PROFILE_READS_A_DAY / max(profile_reads, 1) / DAY_SECONDS
    return [
        (
            "".join(part.capitalize() for part in table.split("_")),
            *(f"{units * scale:,.0f}" for units in ingest[table]),
            f"{views[table] * viewed:,.0f}",
        )
        for table in sorted({*ingest, *views})
        # Budgets and watermarks are written once a batch, so a small run says nothing of them.
        if table not in {"provider_budgets", "timetable"}
    ]


def _bytes(count: int) -> str:
    if count == 0:
        return ""
    return f"{count / 1e12:.1f} TB" if count >= 1e12 else f"{count / 1e9:,.0f} GB"
