"""The dispatch function: rows of the timetable to messages in queues."""

from datetime import UTC, datetime
from typing import Any

from cli.studies.benchmark.days import DAY, FIRST_DAY
from cli.studies.benchmark.invocation import Context
from cli.studies.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import TENANT, World
from functions.dispatch.handler import lambda_handler
from topk.domain.crawl.load_shedding import Census
from topk.domain.crawl.timetable import Entry
from topk.stores.tables.timetable import Timetable

_MINUTE = 720
_TICKS = 5


def measure(world: World, size: Size) -> dict[str, Any]:
    """Rows per second of CPU time, in a slot with `size.rows` due rows."""
    timetable = Timetable()
    timetable.add(Entry(f"{TENANT}#{at:07}", "spotify", _MINUTE, 0) for at in range(size.rows))
    noon = FIRST_DAY + _MINUTE * 60
    samples = [_tick(world, timetable, noon + day * DAY, size.rows) for day in range(_TICKS + 1)]
    per_row = Sample.of(samples[1:])
    return {
        "rows_per_second": 1000 / per_row.median,
        "cpu_ms": per_row,
        "resident_mb": resident_mb(),
    }


def _tick(world: World, timetable: Timetable, now: int, rows: int) -> float:
    timetable.lease(0, "bench", now=now, until=now)
    timetable.release(0, "bench", through=now - 60, census=Census())
    before = world.spent().sent
    event = {"time": datetime.fromtimestamp(now, UTC).isoformat().replace("+00:00", "Z")}
    spent = cpu_ms(lambda: lambda_handler(event, Context("dispatch")), operations=rows)
    expect("messages sent", world.spent().sent - before, rows)
    return spent
