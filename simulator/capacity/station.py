"""The queueing core: lines of whole crawls in front of servers, simulated step by step.

Steps have equal length. Every array has the same leading axes (*lanes*, independent of each other);
the last axis of a line array is the line, in the order of service. A service is a sequence of
geometric phases: one phase that lasts one step is a constant time (M/D/c), one long
phase is close to an exponential one (M/M/c), several are an Erlang law (M/E/c).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Crawls = NDArray[np.int64]
Amounts = NDArray[np.float64]


def phases_of(mean_steps: float, variation: float, *, at_most: int = 4) -> int:
    """Number of phases that give a service of `mean_steps` about this coefficient of variation."""
    wanted = round(1 / variation**2) if variation > 0 else at_most
    return max(1, min(wanted, at_most, int(mean_steps)))


def take(lines: Crawls, room: NDArray[Any]) -> Crawls:
    """Crawls that leave each of `lines` (..., line) if there is `room` (...), first lines first."""
    reached = np.minimum(np.cumsum(lines, axis=-1), np.asarray(room, dtype=np.int64)[..., None])
    reached[..., 1:] -= reached[..., :-1].copy()
    return reached


class Station:
    """The servers of each lane, and the crawls that occupy them.

    `servers` (...) is their number; `mean_steps` (...) the mean service time, at least `phases`
    steps.
    """

    def __init__(
        self, servers: Crawls, mean_steps: Amounts, phases: int, chance: np.random.Generator
    ) -> None:
        self._servers = servers
        self._leaves = np.broadcast_to(phases / mean_steps, servers.shape)[..., None]
        self._phases = np.zeros((*servers.shape, phases), dtype=np.int64)
        self._busy = np.zeros(servers.shape, dtype=np.int64)
        self._chance = chance

    @property
    def busy(self) -> Crawls:
        """Number of occupied servers (...)."""
        return self._busy

    @property
    def free(self) -> Crawls:
        return self._servers - self._busy

    def pass_step(self) -> Crawls:
        """Lets one step pass. Returns the services that ended in it (...)."""
        ended = self._chance.binomial(self._phases, self._leaves)
        self._phases -= ended
        self._phases[..., 1:] += ended[..., :-1]
        finished: Crawls = ended[..., -1]
        self._busy = self._busy - finished
        return finished

    def begin(self, crawls: Crawls) -> None:
        """Occupies one free server per crawl (...)."""
        self._phases[..., 0] += crawls
        self._busy = self._busy + crawls
