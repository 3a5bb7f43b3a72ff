"""Records when each account was actually read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from topk.domain.crawl.result import CrawlResult
from topk.domain.owner import Owner
from topk.stores.tables.connections import Connections
from topk.usecases.crawling.outcome import Outcomes

_READ = frozenset({CrawlResult.CRAWLED, CrawlResult.LOST_RACE})
_EXPORTED = frozenset({"youtube"})
"""Providers whose crawls fetch the export that an earlier crawl requested."""

Polls = Mapping[str, Sequence[int]]
"""Provider -> epoch seconds, ascending."""


class PollLog:
    def __init__(self) -> None:
        self._moments: dict[Owner, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.crawls = 0

    def note(self, outcomes: Outcomes, now: int) -> None:
        """Records crawls at `now`. An export has the data known at its start."""
        for (owner, provider), outcome in outcomes.items():
            if outcome.result not in _READ:
                continue
            self.crawls += 1
            moment = _crawled_through(owner, provider) if provider in _EXPORTED else now
            moments = self._moments[owner][provider]
            if moment and moment not in moments[-1:]:
                moments.append(moment)

    def of(self, owner: Owner) -> Polls:
        return self._moments[owner]


def _crawled_through(owner: Owner, provider: str) -> int:
    [connection] = Connections().get_many([(owner, provider)])
    return connection.crawled_through
