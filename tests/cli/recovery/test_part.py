"""Parts of a recovery: together everything, each item once; and the time at full scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.recovery.full_scale import WITHIN_HOURS, full_scale
from cli.recovery.part import Part
from cli.studies.figures.pages import read
from tests.synthesis import ROOT

FILES = [f"plays/day=2026-11-{day:02}/{n}.parquet" for day in range(1, 30) for n in "ab"]


@pytest.mark.parametrize("of", [1, 2, 7, 64])
def test_each_file_is_in_exactly_one_part(of: int) -> None:
    found = [file for n in range(1, of + 1) for file in FILES if Part(n, of).has(file)]
    assert sorted(found) == sorted(FILES)


@pytest.mark.parametrize("text", ["0/4", "5/4", "x/4", "1", "1/0", "-1/2"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the command gives the message
        Part.parse(text)


def test_parts_have_their_own_positions() -> None:
    assert (Part.parse("3/16").suffix, Part().suffix) == (" 3 of 16", "")


def _loss(table: str, cpu_seconds: float, units: float) -> dict[str, object]:
    return {
        "lost_table": table,
        "owners": 10_000,
        "chunks": 30_000,
        "cpu_seconds": cpu_seconds,
        "write_units_each": units,
    }


def test_the_slower_of_computing_and_writing_counts() -> None:
    plays, lists = full_scale(_loss("Plays", 10, 1.0)), full_scale(_loss("TopLists", 10, 0.01))
    assert plays.hours == plays.write_hours == pytest.approx(11.8, abs=0.05)
    assert lists.hours == lists.read_hours == pytest.approx(2.95, abs=0.05)
    assert full_scale(_loss("TopLists", 15, 0.01)).compute_hours > lists.read_hours


@given(st.sampled_from(sorted(WITHIN_HOURS)), st.floats(0.01, 10_000))
def test_parts_compute_in_time_on_any_machine_and_half_as_many_do_not(
    table: str, cpu_seconds: float
) -> None:
    found = full_scale(_loss(table, cpu_seconds, 0.01))
    most = 0.75 * WITHIN_HOURS[table]
    assert found.compute_hours <= most
    assert found.parts == 1 or 2 * found.compute_hours > most


def test_the_recorded_drill_is_quick_enough_at_full_scale() -> None:
    recorded = read(ROOT / "docs" / "figures.json")["topk drill --owners 10000"]
    [table] = [one for one in recorded.tables if one.name == "recovery"]
    hours = {row[0]: float(row[-1].split()[0]) for row in table.rows}
    assert all(hours[lost] < most for lost, most in WITHIN_HOURS.items())
