"""Which crawls of a batch are needed: a crawl that is not takes no slot of the budget."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.need import wanted_through
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import StoreError
from topk.usecases.crawling.compare_pushes import PushedPlays
from topk.usecases.crawling.crawl_schedule import ScheduleWriter
from topk.usecases.crawling.outcome import Key, Outcome
from topk.usecases.ports import Connections, Plays


@dataclass(frozen=True, slots=True)
class Needed:
    """The `connections` to crawl, and the outcomes of the jobs that need no crawl.

    `short` are the connections whose app has a budget that is too small.
    """

    connections: Mapping[Key, Connection] = field(default_factory=dict)
    settled: Mapping[Key, Outcome] = field(default_factory=dict)
    short: frozenset[Key] = frozenset()

    def __or__(self, other: Self) -> Self:
        return type(self)(
            {**self.connections, **other.connections},
            {**self.settled, **other.settled},
            self.short | other.short,
        )


NOTHING_NEEDED = Needed()
LookUp = Callable[[Sequence[CrawlJob], bool], Needed]
"""The jobs of an app, and whether its budget is too small -> what is needed of them."""


def all_needed(_jobs: Sequence[CrawlJob], _short: bool) -> Needed:
    return Needed()


def needed_crawls(
    jobs: Iterable[CrawlJob],
    *,
    connections: Connections,
    plays: Plays,
    schedule: ScheduleWriter,
    now: int,
    short: bool = False,
) -> Needed:
    """Look up the connections of `jobs`, which are of one app if its budget is too `short`.

    A connection that was crawled since its jobs were due, or whose pushes bring its plays, needs no
    crawl.
    """
    jobs = list(jobs)
    asked: dict[Key, list[CrawlJob]] = defaultdict(list)
    for job in jobs:
        asked[job.owner, job.provider].append(job)
    keys = list(asked)
    try:
        found = {_key(one): one for one in connections.get_many(keys)}
    except StoreError as error:
        return Needed(settled=dict.fromkeys(keys, Outcome.failed(error)))
    _heal(schedule, jobs, found)
    active = [one for one in found.values() if one.status is Status.ACTIVE]
    behind = [
        one
        for one in active
        if any(
            one.crawled_through <= wanted_through(job, now=now, short=short)
            for job in asked[_key(one)]
        )
    ]
    pushed = PushedPlays(plays, now, short).leave_out(behind, jobs, schedule)
    needed = {_key(one): one for one in behind if _key(one) not in pushed}
    settled = dict.fromkeys(keys, Outcome(CrawlResult.GONE))
    settled |= {_key(one): Outcome(CrawlResult.FRESH) for one in active}
    settled |= pushed
    for key in needed:
        del settled[key]
    return Needed(needed, settled, frozenset(needed) if short else frozenset())


def _heal(
    schedule: ScheduleWriter, jobs: Iterable[CrawlJob], found: Mapping[Key, Connection]
) -> None:
    """Remove timetable rows that do not belong to the connection's cadence."""
    for job in jobs:
        with suppress(StoreError):
            schedule.heal(job, found.get((job.owner, job.provider)))


def _key(connection: Connection) -> Key:
    return connection.owner, connection.provider
