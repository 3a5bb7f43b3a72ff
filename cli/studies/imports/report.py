"""All formats one after the other, and what was found."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from cli.failure import CommandFailedError
from cli.studies.imports.run import KEPT_DAYS, NOON, Result, compare
from simulator.histories.downloads import download
from simulator.histories.formats import WRITERS

LARGE_FORMAT = "spotify_extended"
MOST_MEGABYTES = 256
"""What a file of any size may take."""


def results(plays: int) -> Iterator[Result]:
    """Each format's import of `plays` plays, as it finishes."""
    for writer in WRITERS:
        yield compare(download(writer, plays, until=NOON, kept_days=KEPT_DAYS))


def measured(size: int, name: str = LARGE_FORMAT) -> dict[str, Any]:
    """The peak memory of a file of `size` bytes. Raises CommandFailedError."""
    command = [sys.executable, "-m", "cli.studies.imports.memory", name, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise CommandFailedError(f"the large import failed: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def results_table(found: Sequence[Result]) -> Table:
    table = Table(
        "Format", "Records", "Receipt adds up", "Receipt exact", "List exact", "Repeat adds"
    )
    for one in found:
        marks = (one.adds_up, one.receipt_exact, one.list_exact)
        table.add_row(
            one.format,
            f"{one.records:,}",
            *("yes" if mark else "NO" for mark in marks),
            f"{one.repeat_adds:,}",
        )
    return table


def memory_table(found: Mapping[str, Any]) -> Table:
    table = Table("Large file", "")
    table.add_row("megabytes", f"{found['bytes'] / 1e6:,.0f}")
    table.add_row("records", f"{found['records']:,}")
    table.add_row("seconds", f"{found['seconds']:,}")
    table.add_row("peak memory", f"{found['peak_megabytes']:,} MB")
    table.add_row("receipt adds up", "yes" if found["adds_up"] else "NO")
    return table
