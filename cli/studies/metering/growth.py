"""Checks that a crawl and a read cost the same at any number of connections in the tables.

The same few users are crawled and read in tables with and without many others. The rows of the
others are written directly to the tables: copies of real ones under other names, spread over the
timetable's other slots.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cli.studies.metering.run import Run, measure
from simulator.aws.dynamodb.item_size import Item
from simulator.aws.dynamodb.tables import Table

LISTENERS = 10
CROWDED = ("connections", "timetable", "plays", "top_lists", "profiles", "follows")
TOLERANCE = 0.1


@dataclass(frozen=True, slots=True)
class Point:
    """Capacity units of one due crawl with its list, and of one read."""

    connections: int
    crawl_write: float
    crawl_read: float
    read: float


def growth(
    sizes: Sequence[int], *, seed: int, on_step: Callable[[str], None] = lambda _: None
) -> list[Point]:
    """A point for each number of connections in `sizes`."""
    points = []
    for size in sizes:
        on_step(step(size))
        points.append(_point(size, seed))
    return points


def step(size: int) -> str:
    return f"{size:,} connections"


def flat(points: Sequence[Point]) -> bool:
    """Whether all figures are within a tenth of the first point's."""
    first = points[0]
    return all(
        abs(getattr(one, name) - getattr(first, name)) <= TOLERANCE * getattr(first, name)
        for one in points
        for name in ("crawl_write", "crawl_read", "read")
    )


def _point(size: int, seed: int) -> Point:
    run = measure(
        users=LISTENERS,
        days=1,
        seed=seed,
        settled=lambda metered, connections: crowd(metered.tables, size - connections),
    )
    return Point(size, *_units(run))


def _units(run: Run) -> tuple[float, float, float]:
    crawls = sum(run.tally.due.values())
    ingest = [one for line, one in run.used.items() if not line.function.startswith("read")]
    reads = [one for line, one in run.used.items() if line.function.startswith("read")]
    calls = sum(n for name, n in run.tally.invocations.items() if name.startswith("read"))
    return (
        sum(one.write for one in ingest) / crawls,
        sum(one.read for one in ingest) / crawls,
        sum(one.read for one in reads) / calls,
    )


def crowd(tables: Mapping[str, Table], size: int) -> None:
    """Adds `size` connections of owners without follow edges, each with a row in every table."""
    for name in CROWDED:
        table = tables[name]
        sample = next(table.items())
        for number in range(size):
            item = {**sample, **_key(table.key_names, number)}
            table.put(table.key(item), item, 0.0)


def _key(names: Sequence[str], number: int) -> Item:
    """A unique key. In the timetable it belongs to a slot that is not crawled."""
    own = {"S": f"crowd#{number}"}
    return {name: {"S": f"{1 + number % 1439:04}#0"} if name == "slot" else own for name in names}
