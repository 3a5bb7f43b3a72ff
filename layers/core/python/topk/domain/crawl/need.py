"""Whether a crawl that was asked for is still needed, and whether a view asks for one."""

import math

from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.timetable import DAY_SECONDS

VIEW_SECONDS = 3600
"""Minimum time between two crawls of a connection that views ask for."""


def wanted_through(job: CrawlJob, *, now: int, short: bool) -> float:
    """The time up to which the job wants its connection crawled (epoch seconds).

    A due crawl that waited may find that another one has done its work. Other crawls are always
    done, except those of views while the budget is too `short`, if there was one within a day.
    """
    if job.reason == "due":
        return job.at
    if job.reason == "view" and short:
        return now - DAY_SECONDS
    return math.inf


def asks_on_view(connection: Connection, *, now: int, after_seconds: int) -> bool:
    """Whether a view of an outdated list asks for a crawl: the last one is `after_seconds` ago."""
    return (
        connection.status is Status.ACTIVE
        and connection.crawled_through <= now - after_seconds
        and connection.viewed_at <= now - VIEW_SECONDS
    )
