"""Budget, provider limit and breaker."""

import numpy as np

from simulator.capacity.gate import PAUSE_SECONDS, PROBE, Gate
from simulator.capacity.station import Crawls

CALLS = 2.0


def gate(budget: float) -> Gate:
    return Gate(np.array([budget]), np.array([CALLS]), step_seconds=1)


def pass_steps(one: Gate, limit: float, steps: int) -> tuple[Crawls, Crawls]:
    """Asked and served in each step, where as much as may begin does."""
    asked, served = [], []
    for _ in range(steps):
        room = one.room()
        asked.append(int(room[0]))
        served.append(int(one.ask(room, limit=np.array([limit]))[0]))
    return np.array(asked), np.array(served)


def test_requests_equal_the_budget_in_the_long_run() -> None:
    asked, served = pass_steps(gate(100), limit=1000, steps=1_000)
    assert abs(asked.sum() * CALLS - 100 * 1_000) <= 100 * 10
    assert (asked == served).all()


def test_a_budget_below_one_crawl_per_window_is_still_used() -> None:
    _, served = pass_steps(gate(0.02), limit=0.022, steps=20_000)
    assert served.sum() * CALLS > 0.8 * 0.02 * 20_000


def test_a_provider_that_is_down_gets_one_probe_per_pause() -> None:
    asked, served = pass_steps(gate(100), limit=0, steps=PAUSE_SECONDS * 10)
    assert served.sum() == 0
    assert (np.flatnonzero(asked)[1:] - np.flatnonzero(asked)[:-1] >= PAUSE_SECONDS).all()
    assert (asked[1:][asked[1:] > 0] == PROBE).all()


def test_the_next_probe_detects_recovery() -> None:
    one = gate(100)
    pass_steps(one, limit=0, steps=100)
    _, served = pass_steps(one, limit=1000, steps=PAUSE_SECONDS + 3)
    assert (served > PROBE).any()


def test_a_provider_with_a_lower_limit_gets_requests_at_that_limit() -> None:
    asked, served = pass_steps(gate(100), limit=50, steps=3_000)
    assert 0.85 < served.sum() * CALLS / (50 * 3_000) <= 1.02
    assert (asked - served).sum() < 0.1 * served.sum()
