"""Waits and ages, from the cumulative curves of due and done crawls.

A line is served in order, so the n-th crawl that fell due is the n-th done. The few retried crawls
swap places with their neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.capacity.demand import Flow
from simulator.capacity.population import DAY_MINUTES, KINDS, reads_by_minute
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.simulation import MARK_SECONDS, Trace
from simulator.capacity.station import Amounts

DAY_SECONDS = 86_400
BIN_SECONDS = 300
_EVERY_MINUTES = 10
_OVERFLOW_DAYS = 8


@dataclass(frozen=True, slots=True)
class Curves:
    """One line: `due` (minute) and `done` (mark) crawls since the beginning."""

    due: Amounts
    done: Amounts

    @property
    def mark_seconds(self) -> Amounts:
        seconds: Amounts = np.arange(1, len(self.done) + 1, dtype=np.float64) * MARK_SECONDS
        return seconds

    def done_at(self, positions: Amounts) -> Amounts:
        """When the crawls at `positions` were done (seconds); infinite if they were not."""
        seconds = np.interp(positions, np.append(0.0, self.done), np.append(0.0, self.mark_seconds))
        return np.where(positions > self.done[-1], np.inf, seconds)

    def due_by(self, seconds: Amounts) -> Amounts:
        """Number of crawls that had fallen due at `seconds`."""
        ends = np.arange(len(self.due) + 1) * 60.0
        crawls: Amounts = np.interp(seconds, ends, np.append(0.0, self.due))
        return crawls

    def waits(self, points: int = 4) -> tuple[Amounts, Amounts]:
        """Seconds from due to done, and the number of crawls with each wait.

        An unfinished crawl counts with its wait until the end.
        """
        each = np.diff(self.due, prepend=0.0)
        part = (np.arange(points) + 0.5) / points
        positions = (self.due - each)[:, None] + each[:, None] * part
        begins = np.arange(len(self.due)) * 60.0
        done = np.minimum(self.done_at(positions), self.mark_seconds[-1])
        waits = np.maximum(done - begins[:, None], 0.0)
        return waits.ravel(), np.repeat(each / points, points)


def curves(trace: Trace, lane: int, provider: int, line: int) -> Curves:
    due = (
        trace.demand.dispatched[:, lane, provider, line]
        + trace.demand.direct[:, lane, provider, line]
    )
    return Curves(np.cumsum(due).astype(float), trace.done[:, lane, provider, line].astype(float))


def quantile(values: Amounts, weights: Amounts, share: float) -> float:
    """The value below which `share` of the weight lies."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1]))
    return float(values[order][min(place, len(values) - 1)])


@dataclass(frozen=True, slots=True)
class Ages:
    """Connections by age of their data, at each full hour: (provider, kind, hour, bin)."""

    counts: Amounts

    def younger_than(self, seconds: float) -> Amounts:
        """The share of the connections younger than `seconds` (hour)."""
        by_hour: Amounts = self.counts.sum(axis=(0, 1))
        share: Amounts = by_hour[:, : int(seconds // BIN_SECONDS)].sum(axis=1) / by_hour.sum(axis=1)
        return share

    def quantile(self, share: float) -> Amounts:
        """The age in seconds below which `share` of the connections are (hour)."""
        reached = np.cumsum(self.counts.sum(axis=(0, 1)), axis=1)
        bins = (reached < share * reached[:, -1:]).sum(axis=1)
        seconds: Amounts = ((bins + 1.0) * BIN_SECONDS).astype(np.float64)
        return seconds

    def shares(self, hours: slice) -> Amounts:
        """The mean share of the connections in each age bin, over `hours` (bin)."""
        by_bin: Amounts = self.counts[:, :, hours].sum(axis=(0, 1, 2))
        share: Amounts = by_bin / by_bin.sum()
        return share

    def of(self, provider: int | None = None, kind: int | None = None) -> "Ages":
        """The ages of one provider or one kind of owner."""
        counts = self.counts if provider is None else self.counts[provider : provider + 1]
        return Ages(counts if kind is None else counts[:, kind : kind + 1])


def by_connection(flow: Flow) -> float:
    return flow.connections


def by_view(flow: Flow) -> float:
    """The views of a flow: those of its kind, divided among the viewed connections."""
    kind = flow.kind
    all_viewed = kind.share * kind.viewed * PROVIDERS[flow.provider].share
    return kind.views * flow.viewed * flow.connections / all_viewed


def ages(trace: Trace, lane: int, weight: Callable[[Flow], float] = by_connection) -> Ages:
    """The ages of all connections; each flow counts with its `weight`.

    Assumes that before the first day every crawl was done when it fell due.
    """
    hours: Amounts = np.arange(1, trace.days * 24 + 1, dtype=np.float64) * 3600
    bins = (trace.days + _OVERFLOW_DAYS) * DAY_SECONDS // BIN_SECONDS
    counts = np.zeros((len(PROVIDERS), len(KINDS), len(hours), bins))
    for flow in trace.demand.flows[lane]:
        where = counts[flow.provider, KINDS.index(flow.kind)]
        if flow.every_days == 0:
            where[:, 0] += weight(flow)
            continue
        weights, found = _ages_of(flow, curves(trace, lane, flow.provider, flow.line), hours)
        bin_of = np.clip(found // BIN_SECONDS, 0, bins - 1).astype(np.int64)
        flat = bin_of + np.arange(len(hours))[:, None] * bins
        spread = np.broadcast_to(weight(flow) * weights, found.shape).ravel()
        where += np.bincount(flat.ravel(), spread, minlength=where.size).reshape(where.shape)
    return Ages(counts)


def _ages_of(flow: Flow, line: Curves, hours: Amounts) -> tuple[Amounts, Amounts]:
    """The share of the connections by (phase and minute), and the ages (hour, same)."""
    minutes = np.arange(_EVERY_MINUTES // 2, DAY_MINUTES, _EVERY_MINUTES)
    by_minute = reads_by_minute() if flow.on_view else np.full(DAY_MINUTES, 1 / DAY_MINUTES)
    share = by_minute[minutes] / by_minute[minutes].sum()
    last_day = len(line.due) // DAY_MINUTES
    found = []
    for phase in range(flow.every_days):
        newest = np.full((len(hours), len(minutes)), -np.inf)
        for day in range(phase - 2 * flow.every_days, last_day, flow.every_days):
            due: Amounts = (day * DAY_MINUTES + minutes.astype(np.float64)) * 60
            done = due if day < 0 else line.done_at(line.due_by(due + 30.0))
            newest = np.maximum(newest, np.where(done <= hours[:, None], done, -np.inf))
        found.append(hours[:, None] - newest)
    weights = np.tile(share / flow.every_days, flow.every_days)
    return weights, np.concatenate(found, axis=1)
