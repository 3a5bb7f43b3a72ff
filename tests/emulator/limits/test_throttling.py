from hypothesis import given
from hypothesis import strategies as st

from simulator.emulator.limits.throttling import Buckets, Throttle, throttle_of

_STEPS = st.lists(st.floats(0, 3), min_size=1, max_size=60)


@given(rate=st.floats(0.1, 50), burst=st.integers(1, 20), steps=_STEPS)
def test_no_span_of_time_has_more_than_the_burst_and_the_rate_allow(
    rate: float, burst: int, steps: list[float]
) -> None:
    clock = [0.0]
    buckets, taken = Buckets(lambda: clock[0]), []
    for step in steps:
        clock[0] += step
        if buckets.take("route", Throttle(rate, burst)):
            taken.append(clock[0])
    for first, begin in enumerate(taken):
        for last, end in enumerate(taken[first:], start=first):
            assert last - first + 1 <= burst + (end - begin) * rate + 1e-6


@given(burst=st.integers(1, 20))
def test_a_burst_is_accepted_and_the_next_request_is_not(burst: int) -> None:
    buckets = Buckets(lambda: 0.0)
    taken = [buckets.take("route", Throttle(1, burst)) for _ in range(burst + 1)]
    assert taken == [*[True] * burst, False]


def test_each_route_has_its_own_bucket() -> None:
    buckets = Buckets(lambda: 0.0)
    assert buckets.take("one", Throttle(1, 1))
    assert buckets.take("two", Throttle(1, 1))
    assert not buckets.take("one", Throttle(1, 1))


def test_a_routes_settings_override_the_stages() -> None:
    stage = {
        "defaultRouteSettings": {"ThrottlingRateLimit": "200", "ThrottlingBurstLimit": 400},
        "routeSettings": {"GET /a": {"throttlingRateLimit": 20.5}},
    }
    assert throttle_of(stage, "GET /a") == Throttle(20.5, 400)
    assert throttle_of(stage, "GET /b") == Throttle(200, 400)
    assert throttle_of({"defaultRouteSettings": {"ThrottlingRateLimit": 1}}, "GET /a") is None
    assert throttle_of({}, "GET /a") is None
