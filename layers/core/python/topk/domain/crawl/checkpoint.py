"""The changes of a connection after a crawl."""

from dataclasses import replace

from topk.domain.account.connection import Connection
from topk.domain.crawl.cadence import CALM_FILL, Bounds, CrawlFindings, fill_in_turn, next_cadence
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.timetable import DAY_SECONDS, Cadence
from topk.domain.play import Precision

GAP_DAYS = 9
"""How many days a suspected gap is kept: the window, the current day, and one more."""


def after_crawl(
    connection: Connection,
    fetched: Fetched,
    *,
    capabilities: Capabilities,
    bounds: Bounds,
    now: int,
    short: bool = False,
) -> Connection:
    """`connection` after all plays of `fetched` are written.

    A crawl that could read no item does not move `crawled_through`: its days stay incomplete.
    `short`: the provider's budget is too small.
    """
    heard_at = max((play.listened_at for play in fetched.plays), default=0)
    moved = replace(
        connection,
        checkpoint=fetched.checkpoint,
        crawled_through=max(_through(fetched), connection.crawled_through),
        known_since=connection.known_since or _known_since(connection, fetched, capabilities),
        heard_at=max(min(heard_at, now), connection.heard_at),
        gaps=_gaps(connection, fetched),
        reason="",
        refusals=0,
        refused_since=0,
    )
    if moved.crawled_through == connection.crawled_through and not fetched.plays:
        return moved  # nothing was read, or the provider is still preparing what was asked
    seen = _seen(connection, moved, fetched, now)
    current = replace(connection.cadence, followed=connection.much_followed)
    cadence = next_cadence(current, bounds, seen, short=short)
    return replace(moved, cadence=cadence, calm_since=_calm_since(connection, cadence, seen, now))


def _through(fetched: Fetched) -> int:
    return 0 if fetched.is_blind else fetched.crawled_through


def _known_since(connection: Connection, fetched: Fetched, capabilities: Capabilities) -> int:
    """The earliest time that the first crawl could see: the oldest play of a full history.

    A list without times has no plays before its first reading.
    """
    if connection.crawled_through or not _through(fetched) or capabilities.depth is None:
        return 0
    if capabilities.precision is Precision.INFERRED:
        return fetched.crawled_through
    if len(fetched.plays) + fetched.skipped < capabilities.depth:
        return 0
    return min((play.started_at for play in fetched.plays), default=fetched.crawled_through)


def _seen(before: Connection, moved: Connection, fetched: Fetched, now: int) -> CrawlFindings:
    since = before.crawled_through or min((one.listened_at for one in fetched.plays), default=now)
    heard_at = moved.heard_at or max(before.connected_at, moved.known_since)
    return CrawlFindings(
        fill=fetched.fill,
        span=now - since,
        heard=bool(fetched.plays),
        gap=fetched.gap_since is not None,
        calm=now - before.calm_since if before.calm_since else 0,
        silent_days=(now - heard_at) // DAY_SECONDS,
    )


def _calm_since(before: Connection, cadence: Cadence, seen: CrawlFindings, now: int) -> int:
    if cadence.per_day == 1 or seen.full or fill_in_turn(before.cadence, seen) >= CALM_FILL:
        return 0
    return before.calm_since if before.calm_since and cadence == before.cadence else now


def _gaps(connection: Connection, fetched: Fetched) -> tuple[int, ...]:
    if fetched.gap_since is None:
        return connection.gaps
    last = fetched.crawled_through // DAY_SECONDS
    lost = range(fetched.gap_since // DAY_SECONDS, last + 1)
    return tuple(sorted({day for day in (*connection.gaps, *lost) if day > last - GAP_DAYS}))
