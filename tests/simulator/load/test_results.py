import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.load.mix import Call
from simulator.load.plan import open_loop
from simulator.load.results import Result, quantile, summary


def result(latency: float, *, kind: str = "own", warms: bool = False, error: str = "") -> Result:
    return Result(kind, warms, at=0.0, held_up=0.0, latency=latency, error=error)


def test_requests_are_evenly_spaced_and_the_first_seconds_warm_up() -> None:
    plan = open_loop(lambda: Call("own", "GET", "/", ""), rate=4, seconds=2, warm_up=1)
    assert [one.at for one in plan] == [number / 4 for number in range(12)]
    assert [one.warms for one in plan] == [True] * 4 + [False] * 8


def test_warm_up_is_not_measured() -> None:
    found = summary([result(9.0, warms=True, error="500"), result(0.01)])
    assert found.requests == 1
    assert found.latency_ms["all"]["max"] == 10.0
    assert not found.errors


def test_errors_count_by_request_and_cause_and_keep_their_latency() -> None:
    found = summary([result(0.2, error="503"), result(0.1, error="503"), result(0.3)])
    assert found.errors == {"own: 503": 2}
    assert found.latency_ms["own"]["p50"] == 200.0


def test_quantiles_are_values_that_were_measured() -> None:
    ordered = [float(number) for number in range(1, 101)]
    assert [quantile(ordered, share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 100.0]


@given(st.lists(st.floats(0, 60), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_not_exceeded_by_its_share(values: list[float], share: float) -> None:
    at = quantile(sorted(values), share)
    assert sum(value <= at for value in values) >= share * len(values) - 1e-9


@given(st.lists(st.floats(0, 60), min_size=1))
def test_every_request_is_in_the_spread_once(values: list[float]) -> None:
    assert sum(summary([result(value) for value in values]).spread) == len(values)


@pytest.mark.parametrize(("latency", "edge"), [(0.01, "10"), (0.0101, "15"), (7.0, "more")])
def test_a_latency_counts_up_to_its_edge(latency: float, edge: str) -> None:
    assert summary([result(latency)]).figures()["spread"][edge] == 1
