"""The figures as a table to read."""

from rich.table import Table

from cli.accuracy_run.figures import Tally


def table(tallies: dict[str, Tally]) -> Table:
    """A column for each tally, by its heading."""
    shown = Table("what", *tallies, title="Counts against the truth")
    found = list(tallies.values())
    for what, figures in (
        ("plays listened to", [one.plays_true for one in found]),
        ("plays that could be known", [one.plays_obtainable for one in found]),
        ("plays counted", [one.plays_counted for one in found]),
        ("plays counted twice", [one.double_counted for one in found]),
        ("plays lost at the provider", [f"{one.lost:.2%}" for one in found]),
        ("lists exact of lists", [f"{one.exact} of {one.lists}" for one in found]),
    ):
        shown.add_row(what, *map(str, figures))
    return shown
