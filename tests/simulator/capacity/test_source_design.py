"""The source's figures come out of its own assumptions."""

import pytest

from simulator.capacity.prices import read_prices
from simulator.capacity.report.source_design import reproduce


@pytest.mark.parametrize("seed", [1, 7])
def test_every_figure_of_the_source_is_met_within_5_percent(seed: int) -> None:
    rows = reproduce(seed, read_prices())
    ratios = {row.what: row.ratio for row in rows if row.ratio is not None}
    assert len(ratios) >= 15
    assert all(0.95 <= ratio <= 1.05 for ratio in ratios.values()), ratios


def test_the_redis_that_the_source_asks_for_is_sized() -> None:
    open_rows = {row.what: row.ours for row in reproduce(7, read_prices()) if row.source is None}
    assert open_rows["Redis commands"] == pytest.approx(6_000, rel=0.02)
    assert open_rows["Redis memory, an hour's backlog"] == pytest.approx(2.7, rel=0.02)
    assert open_rows["dollars a day"] == pytest.approx(748, rel=0.01)
