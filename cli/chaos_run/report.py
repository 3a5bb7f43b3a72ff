"""What the storms came to, as a table to read."""

from collections.abc import Sequence

from rich.table import Table

from cli.chaos_run.faults import Fault
from cli.chaos_run.outcome import Outcome


def table(found: Sequence[Outcome]) -> Table:
    """How often each fault struck, alone and in all; below, what came of it."""
    kept = sum(not one.wrong for one in found)
    shown = Table("fault", title="Storms")
    for column in ("storms", "alone", "times"):
        shown.add_column(column, justify="right")
    shown.add_column("what happens")
    for fault in Fault:
        struck = [one for one in found if fault.word in one.injected]
        alone = sum(len(one.injected) == 1 for one in struck)
        times = sum(one.injected[fault.word] for one in struck)
        shown.add_row(fault.word, str(len(struck)), str(alone), f"{times:,}", fault.value)
    shown.caption = (
        f"every promise kept in {kept} of {len(found)} storms; "
        f"{sum(one.lists for one in found)} listeners"
    )
    return shown
