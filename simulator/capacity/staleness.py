"""Waits and ages, from the cumulative curves of due and done crawls.

A line is served in order, so the n-th crawl that fell due is the n-th done. The few retried crawls
swap places with their neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.capacity.demand import EXPRESS, STANDING
from simulator.capacity.population import KINDS, Kind
from simulator.capacity.providers import PROVIDERS
from simulator.capacity.sample import Sample
from simulator.capacity.simulation import MARK_SECONDS, Trace
from simulator.capacity.station import Amounts

DAY_SECONDS = 86_400
BIN_SECONDS = 300
_OVERFLOW_DAYS = 16


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


def by_connection(kind: Kind) -> float:
    return kind.share


def by_view(kind: Kind) -> float:
    """The views of a kind."""
    return kind.views


def ages(trace: Trace, lane: int, weight: Callable[[Kind], float] = by_connection) -> Ages:
    """The ages of all connections; the connections of each kind have its `weight` together.

    Crawls wait as the queue of their lane did; before the first day none waited.
    """
    hours: Amounts = np.arange(1, trace.days * 24 + 1, dtype=np.float64) * 3600
    bins = (trace.days + _OVERFLOW_DAYS) * DAY_SECONDS // BIN_SECONDS
    counts = np.zeros((len(PROVIDERS), len(KINDS), len(hours), bins))
    for provider, sample in enumerate(trace.demand.samples[lane]):
        kinds = np.array(sample.kinds)
        each = np.array([weight(kind) for kind in KINDS]) / np.bincount(kinds, minlength=len(KINDS))
        found = _ages_of(sample, trace, lane, provider, hours)
        bin_of = np.clip(found // BIN_SECONDS, 0, bins - 1).astype(np.int64)
        for place in range(len(KINDS)):
            for hour, row in enumerate(bin_of[:, kinds == place]):
                counts[provider, place, hour] += each[place] * np.bincount(row, minlength=bins)
    return Ages(counts)


def _ages_of(sample: Sample, trace: Trace, lane: int, provider: int, hours: Amounts) -> Amounts:
    """The age of each account's newest crawl at each of the `hours` (hour, account)."""
    account = np.array([one.account for one in sample.crawled])
    due = np.array([one.seconds for one in sample.crawled], dtype=np.float64)
    waits = np.array([one.asks for one in sample.crawled]) & (due >= 0)
    express = np.array([one.express for one in sample.crawled])
    done = due.copy()
    for line in (EXPRESS, STANDING):
        of_line = waits & (express == (line == EXPRESS))
        curve = curves(trace, lane, provider, line)
        done[of_line] = curve.done_at(curve.due_by(due[of_line]))
    newest = np.full((len(hours), len(sample.kinds)), -np.inf)
    for hour, moment in enumerate(hours):
        past = done <= moment
        np.maximum.at(newest[hour], account[past], done[past])
    found: Amounts = hours[:, None] - newest
    return found
