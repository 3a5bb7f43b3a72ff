"""Queue every crawl whose slot has started."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.timetable import Grid
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
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
    behind: Callable[[int], None] = lambda _: None,
) -> int:
    """Queue the crawls of all slots since each shard's watermark; returns their number.

    The watermark moves after a slot's crawls are queued: the next tick catches up on a missed one
    and repeats an interrupted slot. Stops between two slots when `time_left` says so, and the next
    tick continues. Calls `behind` for each shard with the seconds, beyond one slot, between its
    watermark and `now`.
    """
    dispatched = 0
    for shard in range(grid.shards):
        since = timetable.watermark(shard)
        start = now - grid.slot_minutes * 60 if since is None else since
        behind(max(now - start - grid.slot_minutes * 60, 0))
        done: int | None = None
        for day, minute in grid.slots_between(start, now):
            if not time_left():
                _advance(timetable, shard, done)
                return dispatched
            queued = 0
            jobs = _due(timetable, day, minute, shard, now, new_correlation)
            while batch := list(islice(jobs, _AT_ONCE)):
                queues.send(batch)
                queued += len(batch)
            dispatched += queued
            done = day * 86_400 + minute * 60
            if queued:
                _advance(timetable, shard, done)
                done = None
        _advance(timetable, shard, done)
    return dispatched


def _advance(timetable: Timetable, shard: int, through: int | None) -> None:
    """Move the watermark, unless another tick has moved it further."""
    if through is not None:
        with suppress(ConflictError):
            timetable.advance(shard, through)


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
            slot = day * 86_400 + minute * 60
            yield CrawlJob(owner, entry.provider, now, "due", new_correlation(), slot=slot)
