"""What a provider's refusals of accounts come to: counted, doubted, or the end of a connection."""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from topk.domain.account.connection import Connection
from topk.domain.crawl.refusal import is_final, is_widespread, refused
from topk.domain.errors import ConflictError, ReauthRequiredError
from topk.usecases.crawling.apps import AppOf
from topk.usecases.crawling.fetch_plays import Crawled, Failed
from topk.usecases.crawling.renew_grant import Grants
from topk.usecases.ports import Connections


class Weighed(Enum):
    """What became of one refusal."""

    DOUBTED = auto()
    """Many are refused, or the app is in trouble: it says nothing about this account."""
    COUNTED = auto()
    """It ends the connection only if it is repeated."""
    OVERTAKEN = auto()
    """Another crawl has renewed or changed the connection since."""
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Refusals:
    """The refusals of one batch. `widespread` are the apps at which many accounts are refused at
    once, `troubled` those whose breaker is open or about to open.
    """

    connections: Connections
    grants: Grants
    widespread: Container[str]
    troubled: Container[str]
    app_of: AppOf
    now: int

    def weigh(self, connection: Connection, error: ReauthRequiredError) -> Weighed:
        """Writes what `error` changes of `connection`. Raises StoreError or SealError."""
        app = self.app_of(connection.owner.tenant, connection.provider)
        if app in self.widespread or app in self.troubled:
            return Weighed.DOUBTED
        if error.certain:
            return self._end(connection, error.reason)
        counted = refused(connection, error.reason, now=self.now)
        if is_final(counted, now=self.now):
            return self._end(connection, error.reason)
        try:
            self.connections.update(counted)
        except ConflictError:
            return Weighed.OVERTAKEN
        return Weighed.COUNTED

    def _end(self, connection: Connection, reason: str) -> Weighed:
        """Marks the grant dead, unless another crawl has renewed it since this one read it."""
        ended = self.grants.end(connection, reason)
        return Weighed.ENDED if ended else Weighed.OVERTAKEN


def widespread(results: Iterable[Crawled | Failed], app_of: AppOf) -> frozenset[str]:
    """The apps at which many of these crawls were refused, and more than were answered."""
    refusals: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for result in results:
        app = app_of(result.connection.owner.tenant, result.connection.provider)
        if isinstance(result, Crawled):
            answers[app] += 1
        elif isinstance(result.error, ReauthRequiredError):
            refusals[app] += 1
    return frozenset(app for app in refusals if is_widespread(refusals[app], answers[app]))
