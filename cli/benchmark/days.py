"""The days on which everything is measured."""

import time

DAY = 86_400
NIGHT = 600
"""Seconds after midnight at which all are crawled, so that each crawl brings a day's plays."""


def first_day() -> int:
    """A midnight (epoch seconds) ahead of the clock: the crawl function goes by the later one."""
    return (int(time.time()) // DAY + 2) * DAY
