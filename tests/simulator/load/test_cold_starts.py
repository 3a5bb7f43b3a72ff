"""Cold starts that are added to a share of a run's requests."""

from random import Random

from simulator.load.cold_starts import cold_seconds, with_cold_starts
from simulator.load.results import Result, summary


def _run(count: int, *, warm_up: int = 0) -> list[Result]:
    return [Result("own", number < warm_up, number / 100, 0.0, 0.01, "") for number in range(count)]


def test_the_stated_share_takes_longer_and_nothing_else_changes() -> None:
    before = _run(1_000)
    found = with_cold_starts(before, share=0.005, seconds=0.3, dice=Random(7))
    longer = [one for one, was in zip(found, before, strict=True) if one.latency > was.latency]
    assert len(longer) == 5
    assert {round(one.latency, 3) for one in longer} == {0.31}
    assert summary(found).latency_ms["all"]["p99"] == 10
    assert summary(found).latency_ms["all"]["p99.9"] == 310


def test_the_warm_up_has_none() -> None:
    found = with_cold_starts(_run(100, warm_up=100), share=1.0, seconds=0.3, dice=Random(7))
    assert {one.latency for one in found} == {0.01}


def test_less_memory_starts_later() -> None:
    assert cold_seconds(1769) < cold_seconds(512) < cold_seconds(256)
    assert cold_seconds(1769) == cold_seconds(3538)
