"""The days on which everything is measured: the same ones on every run."""

from datetime import UTC, datetime

DAY = 86_400
NIGHT = 600
"""Seconds after midnight at which all are crawled, so that each crawl brings a day's plays."""
FIRST_DAY = int(datetime(2026, 11, 2, tzinfo=UTC).timestamp())
"""A midnight, in epoch seconds."""
