"""`topk growth` detects growing costs."""

import json
from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from cli.studies.metering.growth import Point, flat


def test_a_crawl_and_a_read_cost_the_same_in_larger_tables(tmp_path: Path) -> None:
    sizes = ["--connections", "1000", "--connections", "3000"]
    done = CliRunner().invoke(app, ["growth", *sizes, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    small, large = json.loads((tmp_path / "growth.json").read_text())["points"]
    assert (small["connections"], large["connections"]) == (1000, 3000)
    assert small["crawl_write"] > 0
    assert small["read"] > 0


def test_growth_of_a_tenth_is_detected() -> None:
    first = Point(1_000, crawl_write=4, crawl_read=4, read=2)
    assert flat([first, Point(100_000, 4.3, 4, 2)])
    assert not flat([first, Point(100_000, 4.5, 4, 2)])
    assert not flat([first, Point(100_000, 4, 4, 1.7)])


def test_invalid_input_gets_one_line() -> None:
    done = CliRunner().invoke(app, ["growth", "--connections", "1"])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert "--connections" in line
