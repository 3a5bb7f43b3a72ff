"""The figures as a table."""

from collections.abc import Mapping

from rich.table import Table

from cli.studies.accuracy.figures import Comparison


def table(compared: Mapping[str, Comparison]) -> Table:
    """A table with two columns per comparison."""
    shown = Table("what", title="Counts against the truth")
    tallies = []
    for name, one in compared.items():
        for cadence, tally in (("once a day", one.daily), ("adaptive", one.adaptive)):
            shown.add_column(f"{name},\n{cadence}", justify="right")
            tallies.append(tally)
    for what, figures in (
        ("plays listened to", [tally.plays_true for tally in tallies]),
        ("plays that could be known", [tally.plays_obtainable for tally in tallies]),
        ("plays counted", [tally.plays_counted for tally in tallies]),
        ("plays counted twice", [tally.double_counted for tally in tallies]),
        ("plays that no provider ever showed", [tally.plays_unseen for tally in tallies]),
        ("plays lost between crawls", [f"{tally.lost:.2%}" for tally in tallies]),
        ("lists exact of lists", [f"{tally.exact} of {tally.lists}" for tally in tallies]),
    ):
        shown.add_row(what, *map(str, figures))
    return shown
