"""Crawling: many connections at once, each from its checkpoint to the newest play.

Plays are written before the checkpoint moves, and the checkpoint moves by one conditional update. A
crash between the two costs a repeated crawl, whose chunk adds no play that is not there yet.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from topk.domain.chunk import Chunk
from topk.domain.connection import Connection, Grant, Status
from topk.domain.crawl_job import CrawlJob
from topk.domain.errors import (
    AccessExpiredError,
    ConflictError,
    NotPermittedError,
    RateLimitedError,
    ReauthRequiredError,
    StoreError,
    TopkError,
    TransientError,
)
from topk.domain.owner import Owner
from topk.domain.provider import Fetched, Provider
from topk.usecases.ports import Connections, Plays, Vault

REFRESH_AHEAD_SECONDS = 120
Key = tuple[Owner, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one connection's crawl.

    `again_in` (seconds) asks for another crawl, by no fault of this one, and `place` (epoch
    seconds) for one at the place that was booked for it. `failure` asks for a retry.
    """

    reason: str
    plays: int = 0
    skipped: int = 0
    again_in: int | None = None
    place: int | None = None
    failure: TopkError | None = None


Outcomes = Mapping[Key, Outcome]


@dataclass(frozen=True, slots=True)
class _Crawled:
    connection: Connection
    fetched: Fetched


@dataclass(frozen=True, slots=True)
class _Failed:
    connection: Connection
    error: TopkError


async def crawl(
    jobs: Iterable[CrawlJob],
    *,
    connections: Connections,
    plays: Plays,
    vault: Vault,
    provider: Callable[[str], Provider],
    new_id: Callable[[], str],
    at_once: int,
    seconds_each: float,
    now: int,
) -> Outcomes:
    """Crawls the connections that `jobs` name, each once; the outcomes by (owner, provider).

    At most `at_once` are in flight, each for `seconds_each` at most. Every failure is an outcome.
    A connection that was crawled since its jobs were due is left as it is.
    """
    asked = _latest(jobs)
    keys = list(asked)
    try:
        found = connections.get_many(keys)
    except StoreError as error:
        return dict.fromkeys(keys, _retried(error))
    outcomes = dict.fromkeys(keys, Outcome("gone"))
    active = [one for one in found if one.status is Status.ACTIVE]
    outcomes |= {_key(one): Outcome("fresh") for one in active}
    behind = [one for one in active if one.crawled_through <= asked[_key(one)]]
    crawler = _Crawler(connections, vault, provider, asyncio.Semaphore(at_once), seconds_each, now)
    results = await asyncio.gather(*(crawler.crawl(one) for one in behind))
    failed = [result for result in results if isinstance(result, _Failed)]
    crawled = [result for result in results if isinstance(result, _Crawled)]
    for failure in failed:
        outcomes[_key(failure.connection)] = _verdict(connections, failure, now)
    try:
        plays.append(_chunks(crawled, new_id, now))
    except StoreError as error:
        return outcomes | {_key(one.connection): _retried(error) for one in crawled}
    return outcomes | {_key(one.connection): _settled(connections, one) for one in crawled}


def _latest(jobs: Iterable[CrawlJob]) -> dict[Key, float]:
    """The connections asked for, and up to when each has to be crawled (epoch seconds).

    A due crawl that waited while others of its connection came may find its work done. Anything
    else is asked for its own sake.
    """
    latest: dict[Key, float] = {}
    for job in jobs:
        key = (job.owner, job.provider)
        wanted = job.at if job.reason == "due" else math.inf
        latest[key] = max(wanted, latest.get(key, 0))
    return latest


@dataclass(frozen=True, slots=True)
class _Crawler:
    connections: Connections
    vault: Vault
    provider: Callable[[str], Provider]
    gate: asyncio.Semaphore
    seconds_each: float
    now: int

    async def crawl(self, connection: Connection) -> _Crawled | _Failed:
        async with self.gate:
            try:
                async with asyncio.timeout(self.seconds_each):
                    return await self._fetch(connection)
            except TimeoutError:
                return _Failed(connection, TransientError("the crawl took too long"))
            except TopkError as error:
                return _Failed(connection, error)

    async def _fetch(self, connection: Connection) -> _Crawled:
        provider = self.provider(connection.provider)
        grant = self.vault.open(connection.owner, connection.provider, connection.sealed_grant)
        if grant.expires_at is not None and grant.expires_at <= self.now + REFRESH_AHEAD_SECONDS:
            connection, grant = await self._refresh(provider, connection, grant)
        try:
            fetched = await provider.fetch(grant, connection.checkpoint, now=self.now)
        except AccessExpiredError:
            connection, grant = await self._refresh(provider, connection, grant)
            fetched = await provider.fetch(grant, connection.checkpoint, now=self.now)
        return _Crawled(connection, fetched)

    async def _refresh(
        self, provider: Provider, connection: Connection, grant: Grant
    ) -> tuple[Connection, Grant]:
        """The refreshed grant; saved at once where the old refresh token has died with it."""
        fresh = await provider.refresh(grant, now=self.now)
        sealed = self.vault.seal(connection.owner, connection.provider, fresh, now=self.now)
        renewed = replace(
            connection,
            sealed_grant=sealed,
            expires_at=fresh.expires_at,
            consent_ends_at=fresh.consent_ends_at,
        )
        if fresh.refresh_token != grant.refresh_token:
            renewed = self.connections.update(renewed)
        return renewed, fresh


def _chunks(crawled: Sequence[_Crawled], new_id: Callable[[], str], now: int) -> Iterable[Chunk]:
    return [
        Chunk(one.connection.owner, one.connection.provider, now, new_id(), one.fetched.plays)
        for one in crawled
        if one.fetched.plays
    ]


def _settled(connections: Connections, one: _Crawled) -> Outcome:
    """Moves the checkpoint. Who was overtaken leaves it to the other crawl."""
    fetched = one.fetched
    moved = replace(
        one.connection,
        checkpoint=fetched.checkpoint,
        crawled_through=max(fetched.crawled_through, one.connection.crawled_through),
        gaps=_gaps(one.connection, fetched),
        reason="",
    )
    try:
        connections.update(moved)
    except ConflictError:
        return Outcome("overtaken", len(fetched.plays), fetched.skipped)
    except StoreError as error:
        return _retried(error)
    return Outcome("crawled", len(fetched.plays), fetched.skipped, again_in=fetched.resume_after)


def _gaps(connection: Connection, fetched: Fetched) -> tuple[int, ...]:
    if fetched.gap_since is None:
        return connection.gaps
    last = fetched.crawled_through // 86_400
    lost = range(fetched.gap_since // 86_400, last + 1)
    return tuple(sorted({day for day in (*connection.gaps, *lost) if day > last - 9}))


def _verdict(connections: Connections, failed: _Failed, now: int) -> Outcome:
    match failed.error:
        case ReauthRequiredError() as error:
            return _ended(connections, failed.connection, error.reason, now)
        case NotPermittedError():
            return Outcome("not_permitted")
        case RateLimitedError(scope="user") as error:
            return Outcome("user_limited", again_in=error.retry_after)
        case RateLimitedError() as error:
            return Outcome("rate_limited", again_in=error.retry_after)
        case ConflictError():
            return Outcome("overtaken", again_in=0)
        case error:
            return _retried(error)


def _retried(error: TopkError) -> Outcome:
    return Outcome(type(error).__name__, failure=error)


def _ended(connections: Connections, connection: Connection, reason: str, now: int) -> Outcome:
    """Marks the grant dead, unless another crawl has renewed it since this one read it."""
    ended = replace(connection, status=Status.REAUTH_REQUIRED, status_since=now, reason=reason)
    try:
        connections.update(ended)
    except ConflictError:
        return Outcome("overtaken", again_in=0)
    except StoreError as error:
        return _retried(error)
    return Outcome("reauth_required")


def _key(connection: Connection) -> Key:
    return connection.owner, connection.provider
