"""The clock ticks: every crawl whose slot has begun is queued at its provider."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from topk.domain.crawl_job import CrawlJob
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.domain.timetable import Grid
from topk.usecases.ports import CrawlQueues, Timetable

_AT_ONCE = 1000


def dispatch_due(
    now: int,
    *,
    grid: Grid,
    timetable: Timetable,
    queues: CrawlQueues,
    time_left: Callable[[], bool],
    new_correlation: Callable[[], str],
) -> int:
    """Queues the crawls of all slots since each shard's watermark; returns how many.

    The watermark moves after the slot's crawls are queued: a tick that was missed is caught up by
    the next one, and one that broke off is repeated from the slot where it did. Stops between
    two slots when `time_left` says so; the next tick goes on from there.
    """
    dispatched = 0
    for shard in range(grid.shards):
        since = timetable.watermark(shard)
        start = now - grid.slot_minutes * 60 if since is None else since
        for day, minute in grid.slots_between(start, now):
            if not time_left():
                return dispatched
            jobs = _due(timetable, day, minute, shard, now, new_correlation)
            while batch := list(islice(jobs, _AT_ONCE)):
                queues.send(batch)
                dispatched += len(batch)
            with suppress(ConflictError):
                timetable.advance(shard, day * 86_400 + minute * 60)
    return dispatched


def _due(
    timetable: Timetable,
    day: int,
    minute: int,
    shard: int,
    now: int,
    new_correlation: Callable[[], str],
) -> Iterator[CrawlJob]:
    for entry in timetable.in_slot(minute, shard):
        if entry.due_on(day):
            owner = Owner.parse(entry.owner_key)
            yield CrawlJob(owner, entry.provider, now, "due", new_correlation())
