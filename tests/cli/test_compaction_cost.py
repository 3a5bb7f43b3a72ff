"""What compacted chunks cost, for `topk cost`."""

from cli.studies.metering.compaction import compaction


def test_a_day_of_plays_costs_less_than_a_write_unit() -> None:
    found = compaction()
    assert 0.3 < found.write_units <= 1
    assert 300 < found.row_bytes < 1000
    assert found.days > 366
