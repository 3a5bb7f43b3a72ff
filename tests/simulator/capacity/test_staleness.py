"""Waits and ages from cumulative curves."""

import numpy as np
import pytest

from simulator.capacity.staleness import Curves, quantile


def test_what_is_done_when_it_falls_due_waits_for_nothing() -> None:
    due = np.cumsum(np.full(10, 60.0))
    line = Curves(due, np.linspace(10.0, 600.0, 60))
    waits, crawls = line.waits()
    assert crawls.sum() == 600
    assert waits.max() <= 60


def test_the_nth_done_is_the_nth_that_fell_due() -> None:
    # All fall due in the first minute; one a second is done.
    due = np.full(10, 300.0)
    line = Curves(due, np.minimum(np.arange(1, 61) * 10.0, 300.0))
    waits, crawls = line.waits(points=300)
    assert quantile(waits, crawls, 0.5) == pytest.approx(150, abs=10)
    assert quantile(waits, crawls, 0.99) == pytest.approx(297, abs=10)


def test_what_is_not_done_by_the_end_counts_with_what_it_has_waited() -> None:
    line = Curves(np.full(10, 100.0), np.zeros(60))
    waits, crawls = line.waits()
    assert quantile(waits, crawls, 0.5) == 600


def test_a_quantile_goes_by_weight() -> None:
    assert quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 98.0, 1.0]), 0.5) == 1.0
    assert quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 98.0, 1.0]), 0.985) == 2.0


def test_what_is_not_done_has_no_time_at_which_it_was() -> None:
    line = Curves(np.full(10, 100.0), np.full(60, 50.0))
    assert line.done_at(np.array([50.0])) <= 600
    assert np.isinf(line.done_at(np.array([51.0])))
