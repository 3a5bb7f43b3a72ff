"""The outcome of one connection's crawl."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from topk.domain.crawl.result import CrawlResult, result_of
from topk.domain.errors import TopkError
from topk.domain.owner import Owner
from topk.usecases.crawling.crawl_stats import CrawlStats

Key = tuple[Owner, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one connection's crawl.

    `again_in` (seconds) requests another crawl that uses no attempt, and `place` (epoch seconds)
    one at its reserved slot. `failure` requests a retry.
    """

    result: CrawlResult
    plays: int = 0
    skipped: int = 0
    again_in: int | None = None
    place: int | None = None
    failure: TopkError | None = None
    stats: CrawlStats = field(default=CrawlStats(), compare=False)

    @classmethod
    def failed(cls, error: TopkError) -> Self:
        return cls(result_of(error), failure=error)


Outcomes = Mapping[Key, Outcome]
