"""Fetch a connection's new plays from its provider. Only a rotated grant is stored."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from topk.domain.account.connection import Connection
from topk.domain.crawl.provider import Capabilities, Fetched, Provider
from topk.domain.errors import (
    AccessExpiredError,
    TopkError,
    TransientError,
    UnexpectedError,
    place_of,
)
from topk.domain.play_rule import PlayRule, standard
from topk.usecases.crawling.renew_grant import Grants

REFRESH_AHEAD_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Crawled:
    """`connection` as it was read, or with the refreshed grant."""

    connection: Connection
    fetched: Fetched
    capabilities: Capabilities


@dataclass(frozen=True, slots=True)
class Failed:
    """`connection` as it was read."""

    connection: Connection
    error: TopkError


@dataclass(frozen=True, slots=True)
class Reader:
    """Fetches as many accounts at once as `gate` allows.

    Fetching is limited to `seconds_each`. A refresh is never cancelled, because its response may
    contain the only valid token.
    """

    grants: Grants
    provider: Callable[[str, str], Provider]
    gate: asyncio.Semaphore
    seconds_each: float
    now: int
    play_rule: Callable[[str], PlayRule] = standard

    async def read(self, connection: Connection) -> Crawled | Failed:
        async with self.gate:
            try:
                return await self._read(connection)
            except TimeoutError:
                return Failed(connection, TransientError("the crawl took too long"))
            except TopkError as error:
                return Failed(connection, error)
            except Exception as error:  # noqa: BLE001 - one connection must not hold up the batch
                return Failed(connection, UnexpectedError(place_of(error)))

    async def _read(self, connection: Connection) -> Crawled:
        provider = self.provider(connection.owner.tenant, connection.provider)
        grant = self.grants.of(connection)
        soon = self.now + REFRESH_AHEAD_SECONDS
        if grant.expires_at is not None and grant.expires_at <= soon:
            connection, grant = await self.grants.renew(provider, connection, grant)
        try:
            async with asyncio.timeout(self.seconds_each):
                fetched = await provider.fetch(grant, connection.checkpoint, now=self.now)
        except AccessExpiredError:
            connection, grant = await self.grants.renew(provider, connection, grant)
            async with asyncio.timeout(self.seconds_each):
                fetched = await provider.fetch(grant, connection.checkpoint, now=self.now)
        counted = fetched.counted(self.play_rule(connection.owner.tenant))
        return Crawled(connection, counted, provider.capabilities)
