"""What is told of a crawl, whatever became of it."""

from dataclasses import dataclass

from topk.domain.crawl.timetable import DAY_SECONDS
from topk.usecases.crawling.fetch_plays import Crawled, Failed


@dataclass(frozen=True, slots=True)
class Facts:
    """`staleness` (seconds): how long ago the connection had been read to its end, beyond the days
    that its cadence leaves out; since it was connected where it never was; None where it was not
    asked.

    `repeated` are the plays of a time that had been read already: told twice, or told late by a
    device that was offline. `gap`: plays may have been lost at the provider. `chunk` is the id by
    which the plays are kept.
    """

    staleness: int | None = None
    repeated: int = 0
    gap: bool = False
    chunk: str = ""


def facts(result: Crawled | Failed, chunk: str, now: int) -> Facts:
    connection = result.connection
    since = connection.crawled_through or connection.connected_at
    left_out = (connection.cadence.every_days - 1) * DAY_SECONDS
    staleness = max(now - since - left_out, 0)
    if isinstance(result, Failed):
        return Facts(staleness)
    fetched = result.fetched
    repeated = sum(one.listened_at <= connection.crawled_through for one in fetched.plays)
    return Facts(staleness, repeated, fetched.gap_since is not None, chunk)
