"""The figures as a table."""

from collections.abc import Iterable, Mapping

from rich.table import Table

from cli.studies.accuracy.figures import Comparison
from cli.studies.accuracy.habit_errors import HabitError


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
        ("plays that reports do not tell apart", [tally.plays_merged for tally in tallies]),
        ("plays that reports do not tell to be one", [tally.plays_doubled for tally in tallies]),
        ("plays counted twice otherwise", [tally.double_counted for tally in tallies]),
        ("plays that no provider ever showed", [tally.plays_unseen for tally in tallies]),
        ("plays lost between crawls", [f"{tally.lost:.2%}" for tally in tallies]),
        ("lists exact of lists", [f"{tally.exact} of {tally.lists}" for tally in tallies]),
    ):
        shown.add_row(what, *map(str, figures))
    return shown


def habits_table(errors: Iterable[HabitError]) -> Table:
    """What each habit costs by itself, as shares of the plays."""
    shown = Table("habit", title="What reports cannot tell, habit by habit")
    for column in ("plays", "lost", "counted twice"):
        shown.add_column(column, justify="right")
    for one in errors:
        shares = (f"{part / max(one.plays, 1):.2%}" for part in (one.lost, one.doubled))
        shown.add_row(one.habit, str(one.plays), *shares)
    return shown
