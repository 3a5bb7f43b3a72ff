"""The queueing core against closed formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.capacity.station import Station, phases_of, take

LANES = 64


def erlang_c(servers: int, load: float) -> float:
    """The chance to wait in M/M/c; `load` is arrivals times mean service."""
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(load**each / math.factorial(each) for each in range(servers)) + last)


def observe(
    *, arrivals: float, servers: int, service: float, phases: int, steps: int, warm: int
) -> tuple[float, float, float]:
    """Per step, over LANES lanes: mean busy, mean queue before service, and throughput."""
    chance = np.random.default_rng(5)
    station = Station(np.full(LANES, servers), np.full(LANES, service), phases, chance)
    queue = np.zeros((LANES, 1), dtype=np.int64)
    busy = waiting = through = 0.0
    for step in range(warm + steps):
        ended = station.pass_step()
        queue[:, 0] += chance.poisson(arrivals, LANES)
        seen = queue.sum() + station.busy.sum()
        begun = take(queue, station.free)
        queue -= begun
        station.begin(begun[:, 0])
        if step >= warm:
            busy += station.busy.mean()
            waiting += queue.mean() if phases > 1 or service > 1 else seen / LANES
            through += ended.mean()
    return busy / steps, waiting / steps, through / steps


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (4, 3.2), (10, 8.5)])
def test_one_phase_waits_as_in_m_m_c(servers: int, load: float) -> None:
    service = 40.0
    arrivals = load / service
    _, waiting, _ = observe(
        arrivals=arrivals, servers=servers, service=service, phases=1, steps=30_000, warm=6_000
    )
    expected = erlang_c(servers, load) * load / (servers - load)
    assert waiting == pytest.approx(expected, rel=0.06)


def test_a_constant_service_waits_as_in_m_d_1() -> None:
    load = 0.8
    _, in_system, _ = observe(
        arrivals=load, servers=1, service=1.0, phases=1, steps=40_000, warm=2_000
    )
    # Pollaczek and Khinchine with a service that does not vary, half the queue of M/M/1.
    assert in_system == pytest.approx(load + load**2 / (2 * (1 - load)), rel=0.03)


def test_phases_wait_as_in_m_e_k_1() -> None:
    load, service, phases = 0.7, 40.0, 4
    _, waiting, _ = observe(
        arrivals=load / service, servers=1, service=service, phases=phases, steps=30_000, warm=6_000
    )
    leaves = phases / service
    variation = (1 - leaves) / phases  # squared, of a sum of geometric phases
    expected = load**2 * (1 + variation) / (2 * (1 - load))
    assert waiting == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize(("service", "phases"), [(1.0, 1), (7.0, 1), (7.0, 3)])
def test_busy_servers_are_throughput_times_service_as_little_says(
    service: float, phases: int
) -> None:
    busy, _, through = observe(
        arrivals=3.0, servers=10**6, service=service, phases=phases, steps=4_000, warm=200
    )
    assert through == pytest.approx(3.0, rel=0.01)
    assert busy == pytest.approx(through * service, rel=0.01)


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=5),
    st.integers(0, 2 * 10**6),
)
def test_first_lines_leave_first_and_nothing_is_made_up(lines: list[int], room: int) -> None:
    left = take(np.array([lines]), np.array([room]))[0]
    assert left.sum() == min(sum(lines), room)
    assert all(0 <= part <= line for part, line in zip(left, lines, strict=True))
    for place, part in enumerate(left[1:], 1):
        assert part == 0 or left[place - 1] == lines[place - 1]


@pytest.mark.parametrize(
    ("mean", "variation", "phases"), [(1.0, 0.3, 1), (8.0, 1.0, 1), (8.0, 0.5, 4), (2.5, 0.3, 2)]
)
def test_a_service_has_as_many_phases_as_its_variation_and_steps_allow(
    mean: float, variation: float, phases: int
) -> None:
    assert phases_of(mean, variation) == phases
