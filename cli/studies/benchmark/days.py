"""The simulated days of all benchmarks, the same in every run."""

from datetime import UTC, datetime

DAY = 86_400
NIGHT = 600
"""Time of all crawls (seconds after midnight), so that each one has a day's plays."""
FIRST_DAY = int(datetime(2026, 11, 2, tzinfo=UTC).timestamp())
"""A midnight, in epoch seconds."""
