"""Statistics of a crawl, whatever its outcome."""

from dataclasses import dataclass

from topk.domain.crawl.push_coverage import Comparison
from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skipped
from topk.domain.crawl.timetable import DAY_SECONDS
from topk.usecases.crawling.fetch_plays import Crawled, Failed


@dataclass(frozen=True, slots=True)
class CrawlStats:
    """`staleness` (seconds) is the time since the connection was last crawled completely, without
    the days that its cadence skips; since it was connected if it never was; None if it was not
    crawled.

    `repeated` counts plays of a time that had already been read: reported twice, or late by an
    offline device. `gap`: plays may have been lost at the provider. `chunk` is the id of the stored
    plays. `read` and `left_out` are the readable items and the others. `compared` is what the crawl
    and pushes brought, if they were compared.
    """

    staleness: int | None = None
    repeated: int = 0
    gap: bool = False
    chunk: str = ""
    read: int = 0
    left_out: Skipped = NOTHING_SKIPPED
    compared: Comparison | None = None


def stats_of(result: Crawled | Failed, chunk: str, now: int) -> CrawlStats:
    connection = result.connection
    since = connection.crawled_through or connection.connected_at
    left_out = (connection.cadence.every_days - 1) * DAY_SECONDS
    staleness = max(now - since - left_out, 0)
    if isinstance(result, Failed):
        return CrawlStats(staleness)
    fetched = result.fetched
    repeated = sum(one.listened_at <= connection.crawled_through for one in fetched.plays)
    return CrawlStats(
        staleness,
        repeated,
        fetched.gap_since is not None,
        chunk,
        read=fetched.read,
        left_out=fetched.left_out,
    )
