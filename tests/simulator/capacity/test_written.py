"""What a study writes: JSON, pictures, one report that needs nothing else."""

import json
import re
from pathlib import Path

from simulator.capacity.report.write import write
from simulator.capacity.study import Study

NAMES = {"environments", "queues", "ages", "levers", "costs"}


def test_json_pictures_and_report_are_written(day: Study, tmp_path: Path) -> None:
    written = write(day, tmp_path / "new")
    assert all(path.stat().st_size > 0 for path in written)
    for kind in ("png", "svg"):
        assert {path.stem for path in (tmp_path / "new/capacity").glob(f"*.{kind}")} == NAMES
    found = json.loads((tmp_path / "new/capacity.json").read_text())
    assert set(found["scenarios"]) == {one.name for one in day.answers}
    assert found["scenarios"]["ordinary"]["usd_a_day"]["on_demand"] > 0


def test_the_report_refers_to_nothing_outside_itself(day: Study, tmp_path: Path) -> None:
    write(day, tmp_path)
    html = (tmp_path / "capacity/report.html").read_text()
    assert html.count("<img") == len(NAMES)
    assert all(source.startswith("data:") for source in re.findall(r'src="([^"]*)"', html))
    assert not re.search(r"<(script|link)\b", html)


def test_the_same_study_writes_the_same_files(day: Study, tmp_path: Path) -> None:
    for place in ("a", "b"):
        write(day, tmp_path / place)
    for one in sorted((tmp_path / "a").rglob("*.*")):
        other = tmp_path / "b" / one.relative_to(tmp_path / "a")
        assert one.read_bytes() == other.read_bytes(), one.name
