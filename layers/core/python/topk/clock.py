"""The machine's clock. Other modules take the time as an argument; ruff holds them to it."""

import time


def wall_clock() -> float:
    """Seconds since the epoch."""
    return time.time()
