"""Many runs in worker processes, and what they found together."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from typing import Any

from rich.table import Table

from cli.studies.chaos.pool import pool
from cli.studies.push_storm.run import PushOutcome, run_push

LISTENS_EACH = 20_000
"""Of one run."""
_COUNTS = (
    *("listens", "lost", "twice", "invented", "wrong_counts", "unfinished"),
    *("calls", "refused"),
)


def push_outcomes(listens: int, *, workers: int | None = None) -> Iterator[PushOutcome]:
    """Yields the outcome of each run as it finishes; all of them push `listens` plays."""
    shares = [LISTENS_EACH] * (listens // LISTENS_EACH)
    if listens % LISTENS_EACH:
        shares.append(listens % LISTENS_EACH)
    with pool(workers or os.cpu_count() or 1) as processes:
        due = [processes.submit(run_push, seed, share) for seed, share in enumerate(shares)]
        try:
            for done in as_completed(due):
                yield done.result()
        finally:
            for run in due:
                run.cancel()


def runs(listens: int) -> int:
    return -(-listens // LISTENS_EACH)


def figures(found: Sequence[PushOutcome], seconds: float) -> dict[str, Any]:
    injected: Counter[str] = Counter()
    for one in found:
        injected.update(one.injected)
    return {
        **totals(found),
        "runs": len(found),
        "failed": [one.seed for one in sorted(found, key=lambda one: one.seed) if not one.holds],
        "injected": dict(sorted(injected.items())),
        "seconds": round(seconds, 1),
    }


def totals(found: Sequence[PushOutcome]) -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in found) for name in _COUNTS}


def push_table(found: Sequence[PushOutcome]) -> Table:
    table = Table("Pushed plays", "")
    for name, number in totals(found).items():
        table.add_row(name.replace("_", " "), f"{number:,}")
    return table
