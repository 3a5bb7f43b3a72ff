"""The results of fault runs, as a table."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from cli.in_memory.faults import Fault
from cli.studies.chaos.oracle.outcome import Outcome

PROMISES = {
    "lists not exact": ("the list: ", "the stored list: "),
    "windows with plays lost": ("plays lost in the window",),
    "windows with plays counted twice": ("counted twice in the window",),
    "messages stuck": ("stuck", "given up", "dead letter", "neither done nor queued"),
    "tokens exposed": ("a token was exposed",),
}
"""Promise -> phrases in the judge's messages that mean it was broken."""
OTHER = "others broken"


def broken(found: Sequence[Outcome]) -> dict[str, int]:
    """How often each promise was broken, over all runs."""
    times = Counter(_promise(line) for one in found for line in one.wrong)
    return {promise: times[promise] for promise in (*PROMISES, OTHER)}


def _promise(wrong: str) -> str:
    return next(
        (name for name, phrases in PROMISES.items() if any(phrase in wrong for phrase in phrases)),
        OTHER,
    )


def table(found: Sequence[Outcome]) -> Table:
    """Number of runs with each fault, with that fault alone, and hits; totals in the caption."""
    kept = sum(not one.wrong for one in found)
    shown = Table("fault", title="Fault runs")
    for column in ("runs", "alone", "times"):
        shown.add_column(column, justify="right")
    shown.add_column("what happens")
    for fault in Fault:
        struck = [one for one in found if fault.word in one.injected]
        alone = sum(len(one.injected) == 1 for one in struck)
        times = sum(one.injected[fault.word] for one in struck)
        shown.add_row(fault.word, str(len(struck)), str(alone), f"{times:,}", fault.value)
    shown.caption = (
        f"every promise kept in {kept} of {len(found)} runs; "
        f"{sum(one.lists for one in found)} listeners\n"
        + ", ".join(f"{times} {promise}" for promise, times in broken(found).items())
    )
    return shown
