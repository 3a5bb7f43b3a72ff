"""When which account was really read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from topk.domain.owner import Owner
from topk.stores.tables.connections import Connections
from topk.usecases.crawling.crawl import Outcomes

_READ = frozenset({"crawled", "overtaken"})
_EXPORTED = frozenset({"youtube"})
"""Providers whose crawls fetch what an earlier one has asked for."""

Polls = Mapping[str, Sequence[int]]
"""By provider: epoch seconds, ascending."""


class PollLog:
    def __init__(self) -> None:
        self._moments: dict[Owner, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.crawls = 0

    def note(self, outcomes: Outcomes, now: int) -> None:
        """Crawls that ran at `now`. One that fetched an export read what was known at its begin."""
        for (owner, provider), outcome in outcomes.items():
            if outcome.reason not in _READ:
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
