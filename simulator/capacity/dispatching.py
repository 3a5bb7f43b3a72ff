"""The dispatcher: moves due timetable rows to the queues, as fast as it can read them."""

import numpy as np

from simulator.capacity.station import Crawls


class Dispatcher:
    """One dispatcher per lane (lane, ...). Its watermark lets it catch up on missed rows."""

    def __init__(self, rows_per_step: float, shape: tuple[int, ...]) -> None:
        self._rows_per_step = rows_per_step
        self._waiting = np.zeros(shape, dtype=np.int64)

    def fall_due(self, rows: Crawls) -> None:
        self._waiting += rows

    @property
    def behind(self) -> Crawls:
        """Rows that are due but not queued (lane)."""
        total: Crawls = self._waiting.reshape(len(self._waiting), -1).sum(axis=1)
        return total

    def move(self, up: Crawls) -> Crawls:
        """The rows queued in this step (lane, ...); lanes with an `up` of 0 do nothing."""
        if not self._waiting.any():
            return np.zeros_like(self._waiting)
        behind = self.behind
        share = up * np.minimum(1.0, self._rows_per_step / np.maximum(behind, 1))
        whole = np.floor(self._waiting * share.reshape(-1, *[1] * (self._waiting.ndim - 1)))
        rows: Crawls = whole.astype(np.int64)
        self._waiting -= rows
        return rows
