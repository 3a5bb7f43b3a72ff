"""The limits between a queue and its provider: our budget, the provider's limit, the breaker."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.capacity.station import Amounts, Crawls

WINDOW_SECONDS = 30
"""Window over which a provider counts requests: a rolling 30 s at Spotify.
https://developer.spotify.com/documentation/web-api/concepts/rate-limits"""
PAUSE_SECONDS = 30
"""Pause after a refusal: the provider's Retry-After and the breaker's wait."""
PROBE = 1
"""Number of crawls that test whether a provider answers again."""
_BURST_SECONDS = 10


class Gate:
    """The gates of all lanes (...). `budget` is ours (calls per second), `calls` is per crawl."""

    def __init__(self, budget: Amounts, calls: Amounts, step_seconds: float) -> None:
        self._per_step = budget * step_seconds
        self._saved_at_most = np.maximum(budget * _BURST_SECONDS, 2 * calls)
        self._saved = self._saved_at_most.copy()
        self._calls = calls
        self._step_seconds = step_seconds
        self._window = np.full(budget.shape, np.inf)
        self._pause = np.zeros(budget.shape, dtype=np.int64)
        self._probing = np.zeros(budget.shape, dtype=bool)

    def room(self) -> Crawls:
        """Number of crawls that may begin in this step (...)."""
        self._saved = np.minimum(self._saved + self._per_step, self._saved_at_most)
        room = np.floor(self._saved / self._calls)
        room = np.where(self._probing, np.minimum(room, PROBE), room)
        return np.where(self._pause > 0, 0, room).astype(np.int64)

    def ask(self, crawls: Crawls, *, limit: Amounts) -> Crawls:
        """The number of `crawls` that the provider serves (...).

        `limit` is the provider's own (calls per second), 0 if it is down. A refusal closes the gate
        for PAUSE_SECONDS; then a single probe goes first.
        """
        self._saved -= crawls * self._calls
        # Even with few accounts, a window has room for at least one crawl.
        most = np.where(limit > 0, np.maximum(limit * WINDOW_SECONDS, self._calls), 0.0)
        self._window = np.minimum(self._window + limit * self._step_seconds, most)
        served = np.minimum(crawls, np.floor(self._window / self._calls).astype(np.int64))
        self._window -= served * self._calls
        self._settle(served > 0, served < crawls)
        return served

    def _settle(self, answered: NDArray[Any], refused: NDArray[Any]) -> None:
        pause = int(PAUSE_SECONDS / self._step_seconds)
        self._pause = np.where(refused, pause, np.maximum(self._pause - 1, 0))
        self._probing = np.where(refused, True, self._probing & ~answered)
