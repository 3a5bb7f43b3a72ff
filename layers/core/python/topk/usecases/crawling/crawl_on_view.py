"""Somebody looks at a list: its accounts are crawled where that was long ago."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.job import CrawlJob
from topk.domain.errors import ConflictError, StoreError
from topk.usecases.ports import Connections, CrawlQueues

EVERY_SECONDS = 3600
"""A connection is asked for once in so long, however many look."""


@dataclass(frozen=True, slots=True)
class ViewCrawls:
    """`queues` makes what sends the crawls, needed for few looks alone. `after_seconds` is how long
    ago the last crawl must be.
    """

    connections: Connections
    queues: Callable[[], CrawlQueues]
    new_correlation: Callable[[], str]
    after_seconds: int

    def ask(self, connected: Iterable[Connection], *, much_followed: bool, now: int) -> None:
        """Asks for the crawls of those of `connected` that are behind.

        For owners whom many follow as `sought`, which goes first where a provider's budget is
        tight: one crawl of theirs is what many wait for. A failure to ask keeps nobody from the
        list.
        """
        with suppress(StoreError):
            behind = [one for one in connected if self._behind(one, now) and self._first(one, now)]
            if behind:
                reason = "sought" if much_followed else "view"
                self.queues().send([self._job(one, reason, now) for one in behind])

    def _behind(self, connection: Connection, now: int) -> bool:
        return (
            connection.status is Status.ACTIVE
            and connection.crawled_through <= now - self.after_seconds
            and connection.viewed_at <= now - EVERY_SECONDS
        )

    def _first(self, connection: Connection, now: int) -> bool:
        try:
            self.connections.ask_for_view(connection, now=now, not_since=now - EVERY_SECONDS)
        except ConflictError:
            return False
        return True

    def _job(self, connection: Connection, reason: str, now: int) -> CrawlJob:
        owner, provider = connection.owner, connection.provider
        return CrawlJob(owner, provider, now, reason, self.new_correlation())
