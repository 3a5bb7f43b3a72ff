"""The deployed functions and the capacity simulation crawl alike."""

import pytest

from cli.studies.capacity.agreement import agreements


def test_a_day_of_the_deployed_functions_is_the_simulated_one() -> None:
    ample, short = agreements(users=40, heavy=0.05, granted=2.0, seed=5)
    assert ample.product.price == ample.simulated.price == 0
    for what in ("dispatched", "crawled", "plays"):
        ours, simulated = getattr(ample.product, what), getattr(ample.simulated, what)
        assert simulated == pytest.approx(ours, rel=0.02), what
    assert short.product.price == pytest.approx(short.simulated.price)
    assert 0 < short.product.dispatched < ample.product.dispatched
    assert short.simulated.dispatched == pytest.approx(short.product.dispatched, rel=0.02)
    # A budget of a crawl in twenty minutes makes some wait beyond midnight.
    assert short.simulated.crawled == pytest.approx(short.product.crawled, rel=0.1)
