"""The benchmarks' figures for a typical day hold on every day."""

from datetime import UTC, datetime
from statistics import median

import pytest

from cli.studies.benchmark.days import DAY, FIRST_DAY
from cli.studies.benchmark.listening import chunks
from simulator.aws.dynamodb.capacity import write_units
from simulator.aws.dynamodb.item_size import item_size
from simulator.stand_in.spotify import PER_DAY
from topk.domain.owner import Owner
from topk.stores.tables.plays import Plays

OWNERS = [Owner("harbor", f"crawled-1-{at}") for at in range(50)]


def _units(owner: Owner, midnight: int) -> int:
    """Write units of the chunk that a crawl at `midnight` makes of the day before it."""
    [chunk] = chunks(owner, per_day=PER_DAY, crawls_per_day=1, since=midnight - DAY, until=midnight)
    [row] = Plays(retention_days=35)._rows(chunk)
    return write_units(item_size({**row.serialize(), "body": {"B": row.body}}))


@pytest.mark.parametrize("day", range(1, 31))
def test_most_chunks_of_a_day_are_one_write_unit(day: int) -> None:
    assert median(_units(owner, FIRST_DAY + day * DAY) for owner in OWNERS) == 1


def test_the_first_day_starts_at_midnight() -> None:
    assert datetime.fromtimestamp(FIRST_DAY, UTC).time().isoformat() == "00:00:00"
