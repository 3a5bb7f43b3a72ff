"""Crawl on view: viewing an outdated list requests crawls of its accounts."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from topk.domain.account.connection import Connection
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.need import VIEW_SECONDS, asks_on_view
from topk.domain.errors import ConflictError, StoreError
from topk.usecases.ports import Connections, CrawlQueues


@dataclass(frozen=True, slots=True)
class CrawlOnView:
    """`queues` creates the queues, which few views need. `after_seconds` is the minimum age of the
    last crawl.
    """

    connections: Connections
    queues: Callable[[], CrawlQueues]
    new_correlation: Callable[[], str]
    after_seconds: int

    def ask(self, connected: Iterable[Connection], *, much_followed: bool, now: int) -> None:
        """Request crawls of the outdated connections in `connected`.

        Owners with many followers use the express lane (`sought`), because many viewers wait for
        the crawl, and are noted, so that their crawls are left out last (load_shedding.py): one
        write for each change. A failure is ignored, so that the list is served.
        """
        connected = list(connected)
        with suppress(StoreError):
            self._note(connected, much_followed=much_followed)
            behind = [one for one in connected if self._behind(one, now) and self._first(one, now)]
            if behind:
                reason = "sought" if much_followed else "view"
                self.queues().send([self._job(one, reason, now) for one in behind])

    def _note(self, connected: Iterable[Connection], *, much_followed: bool) -> None:
        for one in connected:
            if one.much_followed != much_followed:
                with suppress(ConflictError):
                    self.connections.note_followers(one, much_followed=much_followed)

    def _behind(self, connection: Connection, now: int) -> bool:
        return asks_on_view(connection, now=now, after_seconds=self.after_seconds)

    def _first(self, connection: Connection, now: int) -> bool:
        try:
            self.connections.ask_for_view(connection, now=now, not_since=now - VIEW_SECONDS)
        except ConflictError:
            return False
        return True

    def _job(self, connection: Connection, reason: str, now: int) -> CrawlJob:
        owner, provider = connection.owner, connection.provider
        return CrawlJob(owner, provider, now, reason, self.new_correlation())
