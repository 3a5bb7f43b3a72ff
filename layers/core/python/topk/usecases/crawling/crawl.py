"""Crawl many connections at once, each from its checkpoint to the newest play.

Plays are written before the checkpoint moves, and the checkpoint moves by one conditional update. A
crash between the two costs a repeated crawl, whose chunk adds no new play.
"""

import asyncio
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace

from topk.domain.account.connection import Connection
from topk.domain.chunk import Chunk
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.checkpoint import after_crawl
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.provider import Provider
from topk.domain.crawl.push_coverage import Comparison, after_comparison, without_gap
from topk.domain.crawl.refusal import RETRY_SECONDS
from topk.domain.crawl.result import CrawlResult, result_of
from topk.domain.crawl.timetable import Grid
from topk.domain.errors import (
    ConflictError,
    ReauthRequiredError,
    SealError,
    StoreError,
    TransientError,
)
from topk.domain.play_rule import PlayRule, standard
from topk.usecases.crawling.apps import AppOf, shared
from topk.usecases.crawling.claim_version import claim_version
from topk.usecases.crawling.compare_pushes import PushedPlays
from topk.usecases.crawling.crawl_schedule import ScheduleWriter
from topk.usecases.crawling.crawl_stats import stats_of
from topk.usecases.crawling.fetch_plays import Crawled, Failed, Reader
from topk.usecases.crawling.needed_crawls import Needed, needed_crawls
from topk.usecases.crawling.outcome import Key, Outcome, Outcomes
from topk.usecases.crawling.refusals import Refusals, Weighed, widespread
from topk.usecases.crawling.renew_grant import Grants
from topk.usecases.ports import Connections, Plays, Timetable, Vault
from topk.usecases.queue_outcomes import QueueOutcome, queue_outcome, wait_seconds

_REVIVED_WITHIN_SECONDS = 600
"""After this time, a concurrent crawl that refreshed the grant has stored it or crashed."""


@dataclass(frozen=True, slots=True)
class CrawlPorts:
    """At most `at_once` crawls are in flight, each for at most `seconds_each`.

    `provider` returns the adapter for a tenant and a provider's name, `bounds` those of a
    provider's cadence, and `new_id` makes a chunk's id unique. `play_rule` says what counts as a
    play of a tenant's users.
    """

    connections: Connections
    timetable: Timetable
    plays: Plays
    vault: Vault
    provider: Callable[[str, str], Provider]
    bounds: Callable[[str], Bounds]
    grid: Grid
    new_id: Callable[[], str]
    at_once: int
    seconds_each: float
    app_of: AppOf = shared
    play_rule: Callable[[str], PlayRule] = standard


def look_up(
    jobs: Iterable[CrawlJob], ports: CrawlPorts, *, now: int, short: bool = False
) -> Needed:
    """The connections of `jobs` that need a crawl; `short`: their app's budget is too small."""
    return needed_crawls(
        jobs,
        connections=ports.connections,
        plays=ports.plays,
        schedule=ScheduleWriter(ports.connections, ports.timetable, ports.grid),
        now=now,
        short=short,
    )


async def crawl(
    jobs: Iterable[CrawlJob],
    ports: CrawlPorts,
    *,
    now: int,
    troubled: Container[str] = frozenset(),
    needed: Needed | None = None,
) -> Outcomes:
    """Crawl each connection of `jobs` once; returns the outcomes by (owner, provider).

    `needed` are the connections that were looked up for them; without it they are looked up.

    A chunk's id contains the correlation id of its job, so that a list can be traced to its tick,
    and a new id, because a job may be delivered twice within a second. Every failure is an outcome.
    Refusals do not count at the
    `troubled` apps, nor at an app where many accounts are refused at once.
    """
    jobs = list(jobs)
    schedule = ScheduleWriter(ports.connections, ports.timetable, ports.grid)
    needed = look_up(jobs, ports, now=now) if needed is None else needed
    asked = {(job.owner, job.provider) for job in jobs}
    outcomes = {key: one for key, one in needed.settled.items() if key in asked}
    behind = [one for key, one in needed.connections.items() if key in asked]
    pushes = PushedPlays(ports.plays, now)
    grants = Grants(ports.connections, ports.vault, now)
    gate = asyncio.Semaphore(ports.at_once)
    reader = Reader(grants, ports.provider, gate, ports.seconds_each, now, ports.play_rule)
    results = await asyncio.gather(*(reader.read(one) for one in behind))
    ids = {(job.owner, job.provider): f"{job.correlation}{ports.new_id()}" for job in jobs}
    stats = {_key(one.connection): stats_of(one, ids[_key(one.connection)], now) for one in results}
    failed = [result for result in results if isinstance(result, Failed)]
    read = [result for result in results if isinstance(result, Crawled)]
    claimed = claim_version(read, ports.connections)
    crawled = [result for result in claimed if isinstance(result, Crawled)]
    failed += [result for result in claimed if isinstance(result, Failed)]
    many = widespread(results, ports.app_of)
    refusals = Refusals(ports.connections, grants, many, troubled, ports.app_of, now)
    for failure in failed:
        outcomes[_key(failure.connection)] = _verdict(refusals, failure)
    compared = pushes.compare(crawled)
    try:
        ports.plays.append(_chunks(crawled, ids, now))
    except StoreError as error:
        outcomes |= {_key(one.connection): Outcome.failed(error) for one in crawled}
    else:
        for one in crawled:
            key = _key(one.connection)
            short = key in needed.short
            outcomes[key] = _settled(schedule, one, ports.bounds, compared.get(key), now, short)
    return outcomes | {
        key: replace(outcomes[key], stats=replace(stats[key], compared=compared.get(key)))
        for key in stats
    }


def _chunks(crawled: Iterable[Crawled], ids: Mapping[Key, str], now: int) -> Iterable[Chunk]:
    return [
        Chunk(
            one.connection.owner,
            one.connection.provider,
            now,
            ids[_key(one.connection)],
            one.fetched.plays,
        )
        for one in crawled
        if one.fetched.plays
    ]


def _settled(
    schedule: ScheduleWriter,
    one: Crawled,
    bounds: Callable[[str], Bounds],
    compared: Comparison | None,
    now: int,
    short: bool,
) -> Outcome:
    """Write the new checkpoint if it changed: an export that is not ready writes nothing.

    A crawl that lost the version race is retried once, because the winner may have claimed the
    connection or refreshed its grant and then crashed.
    """
    fetched, before = one.fetched, one.connection
    moved = after_crawl(
        before,
        without_gap(fetched, compared),
        capabilities=one.capabilities,
        bounds=bounds(before.provider),
        now=now,
        short=short,
    )
    moved = after_comparison(moved, compared, depth=one.capabilities.depth, now=now)
    try:
        if moved != before:
            schedule.update(before, moved)
    except ConflictError:
        return Outcome(CrawlResult.LOST_RACE, len(fetched.plays), fetched.skipped, again_in=0)
    except StoreError as error:
        return Outcome.failed(error)
    return Outcome(
        CrawlResult.CRAWLED, len(fetched.plays), fetched.skipped, again_in=fetched.resume_after
    )


def _verdict(refusals: Refusals, failed: Failed) -> Outcome:
    error = failed.error
    if isinstance(error, ReauthRequiredError):
        return _refused(refusals, failed.connection, error)
    match queue_outcome(error):
        case QueueOutcome.DROP:
            return Outcome(result_of(error))
        case QueueOutcome.WAIT:
            return Outcome(result_of(error), again_in=wait_seconds(error))
        case _:
            return Outcome.failed(error)


def _refused(refusals: Refusals, connection: Connection, error: ReauthRequiredError) -> Outcome:
    """The outcome of a crawl whose account was refused.

    If that ends the connection, schedules one more crawl, because a crawl that refreshed the grant
    may crash before its own work is done.
    """
    try:
        match refusals.weigh(connection, error):
            case Weighed.DOUBTED:
                return Outcome.failed(TransientError(f"many are refused at once: {error.reason}"))
            case Weighed.COUNTED:
                return Outcome(CrawlResult.REFUSED, again_in=RETRY_SECONDS)
            case Weighed.OVERTAKEN:
                return Outcome(CrawlResult.LOST_RACE, again_in=0)
            case Weighed.ENDED:
                return Outcome(CrawlResult.REAUTH_REQUIRED, again_in=_REVIVED_WITHIN_SECONDS)
    except (StoreError, SealError) as failure:
        return Outcome.failed(failure)


def _key(connection: Connection) -> Key:
    return connection.owner, connection.provider
