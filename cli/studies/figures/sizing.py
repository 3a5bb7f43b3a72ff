"""Load and storage of each table at full scale, from the meter and from the requirements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.load.mix import FEED_SONGS, SHARES

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
TABLE_BYTES = {name: rows * size for name, rows, size, _ in _ROWS}


def storage() -> list[Sequence[str]]:
    """Rows of the table: table, rows, bytes of a row, stored, added a day."""
    return [
        (name, f"{rows / 1e6:,.0f}M", f"{size:,}", _bytes(rows * size), _bytes(added * size))
        for name, rows, size, added in _ROWS
    ]


VIEWS_A_SECOND = PROFILE_READS_A_DAY / DAY_SECONDS
_KINDS = {
    "read profile": ("follows", "BatchGetItem", SHARES["profile"]),
    "read feed": ("follows", "Query", SHARES["feed"] + SHARES[FEED_SONGS]),
    "read own": ("profiles", "BatchGetItem", SHARES["own"]),
}
"""Kind of read -> the call that each makes once, and its percentage of the API's requests."""


def load(requests: Sequence[Mapping[str, Any]], crawls: int) -> list[Sequence[str]]:
    """Rows of the table: table, units a second of ingest (write, read), of profile reads, and of
    the other reads that the mix of `topk load` has beside them.

    `requests` is the list of cost.json, of a run with so many `crawls`.
    """
    ingest: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    views: dict[str, float] = defaultdict(float)
    others: dict[str, float] = defaultdict(float)
    for one in requests:
        if one["service"] != "dynamodb":
            continue
        kind, table = one["function"], one["resource"]
        if kind in _KINDS:
            found = views if kind == "read profile" else others
            found[table] += one["read"] * _each_second(kind, requests)
        else:
            ingest[table][0] += one["write"]
            ingest[table][1] += one["read"]
    scale = CRAWLS_A_DAY / crawls / DAY_SECONDS
    return [
        (
            "".join(part.capitalize() for part in table.split("_")),
            *(f"{units * scale:,.0f}" for units in ingest[table]),
            f"{views[table]:,.0f}",
            f"{others[table]:,.0f}",
        )
        for table in sorted({*ingest, *views, *others})
        # Budgets and watermarks are written once a batch, so a small run says nothing of them.
        if table not in {"provider_budgets", "timetable"}
    ]


def _each_second(kind: str, requests: Sequence[Mapping[str, Any]]) -> float:
    """How often a read of the run happens in a second at full scale."""
    table, operation, share = _KINDS[kind]
    reads: float = sum(
        one["requests"]
        for one in requests
        if (one["function"], one["resource"], one["operation"]) == (kind, table, operation)
    )
    return VIEWS_A_SECOND * share / SHARES["profile"] / max(reads, 1)


def _bytes(count: int) -> str:
    if count == 0:
        return ""
    return f"{count / 1e12:.1f} TB" if count >= 1e12 else f"{count / 1e9:,.0f} GB"
