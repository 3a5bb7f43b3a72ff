"""Completeness of a window."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.timetable import DAY_SECONDS
from topk.domain.toplist.window import Window


@dataclass(frozen=True, slots=True)
class Completeness:
    """`complete_days` of the window's days are complete; on `suspected_gaps` plays may be lost.

    `inferred_share` (0 to 1, rounded to thousandths) is the share of counted plays with an inferred
    time. `duplicates` are the accounts, by provider, that are left out because another account
    reports their plays; only the owner may know.
    """

    complete_days: int = 0
    suspected_gaps: tuple[date, ...] = ()
    inferred_share: float = 0.0
    duplicates: tuple[str, ...] = ()


def completeness(
    window: Window,
    connections: Iterable[Connection],
    *,
    counted: int,
    inferred: int,
    duplicates: Iterable[str] = (),
    since: int = 0,
) -> Completeness:
    """Completeness of `window`, where `inferred` of the `counted` plays have an inferred time.

    A day is complete if every connected account was known when it started, has been crawled since
    it ended, and has no suspected gap on it. Without an account no day is complete, and no day
    before `since` (epoch seconds) is.
    """
    watched = [one for one in connections if one.status is not Status.REVOKED]
    known = max((one.known_since for one in watched), default=window.end)
    through = min((one.crawled_through for one in watched), default=0)
    lost = {gap for one in watched for gap in one.gaps}
    gaps: list[date] = []
    complete = 0
    for number, (start, end) in enumerate(zip(window.bounds, window.bounds[1:], strict=False)):
        if lost and lost.intersection(range(start // DAY_SECONDS, (end - 1) // DAY_SECONDS + 1)):
            gaps.append(window.first + timedelta(days=number))
        else:
            complete += max(known, since) <= start and end <= through
    share = round(inferred / counted, 3) if counted else 0.0
    return Completeness(complete, tuple(gaps), share, tuple(sorted(duplicates)))
