"""Measured figures take the place of the defaults."""

import json
from pathlib import Path

import pytest

from simulator.capacity.inputs import BadInputError, read_inputs


def test_without_a_benchmark_the_defaults_hold(tmp_path: Path) -> None:
    found = read_inputs(tmp_path / "bench.json")
    assert (found.crawl_cpu_ms, found.crawl_resident_mb) == (4.0, 100)
    assert all(found.origins.values())


def test_measured_figures_are_used_and_named(tmp_path: Path) -> None:
    bench = tmp_path / "bench.json"
    bench.write_text(json.dumps({"crawl": {"cpu_ms": 1.25}, "other": [1]}))
    found = read_inputs(bench, users=1_000)
    assert (found.crawl_cpu_ms, found.crawl_resident_mb, found.users) == (1.25, 100, 1_000)
    assert found.origins["crawl_cpu_ms"] == "measured: bench.json"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"crawl": {"cpu_ms": "4"}}', '{"crawl": {"cpu_ms": -1}}']
)
def test_an_invalid_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    bench = tmp_path / "bench.json"
    bench.write_text(text)
    with pytest.raises(BadInputError, match=r"bench\.json"):
        read_inputs(bench)


def test_the_later_of_two_files_wins(tmp_path: Path) -> None:
    bench, cost = tmp_path / "bench.json", tmp_path / "cost.json"
    bench.write_text(json.dumps({"crawl": {"cpu_ms": 1.25, "write_units": 3.9}}))
    cost.write_text(json.dumps({"crawl": {"write_units": 2.1}}))
    found = read_inputs(bench, cost)
    assert (found.crawl_cpu_ms, found.write_units_per_crawl) == (1.25, 2.1)
    assert found.origins["write_units_per_crawl"] == "measured: cost.json"
