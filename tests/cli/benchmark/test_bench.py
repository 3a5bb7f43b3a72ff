"""`topk bench`: every benchmark does the work it measures, and its figures reach their readers."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.failure import CommandFailedError
from cli.main import app
from cli.studies.benchmark import crawl, run
from cli.studies.benchmark.measuring import Sample, WrongAnswerError, cpu_ms, expect
from cli.studies.benchmark.report import Row, figures, rows
from simulator.capacity.inputs import read_inputs
from topk.domain.owner import Owner

SMALL = ("crawl-3", "aggregate-30", "read", "dispatch", "ingest", "scrobble", "naive-3")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return run.run(quick=True, on_step=lambda _: None, benchmarks=SMALL)


def test_every_benchmark_does_and_measures_its_work(found: dict[str, Any]) -> None:
    """Each reads back what it wrote and fails if it differs."""
    assert set(found) == {*SMALL, "imports"}
    for name in SMALL[:-2]:
        assert found[name]["cpu_ms"]["median"] > 0
        assert found[name]["resident_mb"] > 20
    assert all(sample["least"] > 0 for sample in found["imports"].values())


def test_a_crawl_writes_one_chunk_and_one_checkpoint(found: dict[str, Any]) -> None:
    assert found["crawl-3"]["usual_write_units"] == 2
    assert found["crawl-3"]["write_units"] >= 2
    assert found["crawl-3"]["empty_write_units"] < found["crawl-3"]["write_units"]
    assert found["naive-3"]["write_units"] > 15


def test_figures_reach_the_simulation(found: dict[str, Any], tmp_path: Path) -> None:
    bench = tmp_path / "bench.json"
    bench.write_text(json.dumps(figures(_all(found))))
    inputs = read_inputs(bench)
    measured = {name for name, origin in inputs.origins.items() if origin == "measured: bench.json"}
    asked = {name for name in inputs.origins if name.startswith(("crawl_", "aggregate_cpu"))}
    assert {*asked, "dispatch_rows_per_second", "write_units_per_list"} <= measured | {
        "crawl_function_mb"
    }
    assert inputs.crawl_cpu_ms == found["crawl-3"]["cpu_ms"]["median"]


def test_the_table_compares_with_the_naive_design(found: dict[str, Any]) -> None:
    by_what = {row.what: row for row in rows(_all(found))}
    assert by_what["crawl, 50 in flight"].naive == found["naive-3"]["cpu_ms"]["median"]
    assert by_what["dispatch"].more_is_better


def _all(found: dict[str, Any]) -> dict[str, Any]:
    """Results as if every benchmark had run."""
    others = {
        **dict.fromkeys(run.CRAWLS, found["crawl-3"]),
        **dict.fromkeys(run.AGGREGATES, found["aggregate-30"]),
        **dict.fromkeys(("naive-20", "naive-50"), found["naive-3"]),
    }
    return found | others


@pytest.mark.parametrize(
    ("row", "ratio", "holds"),
    [
        (Row("crawl", "ms", 2, 4, 20), 10, True),
        (Row("crawl", "ms", 5, 4, 20), 4, False),
        (Row("rows", "rows/s", 20, 10, 5, more_is_better=True), 4, True),
        (Row("rows", "rows/s", 5, 10, 20, more_is_better=True), 0.25, False),
        (Row("ingest", "ms", 1), None, None),
    ],
)
def test_each_metric_knows_whether_higher_is_better(
    row: Row, ratio: float | None, holds: bool | None
) -> None:
    assert (row.ratio, row.holds) == (ratio, holds)


def test_elapsed_time_is_not_cpu_time() -> None:
    spent = cpu_ms(lambda: sum(range(200_000)), operations=2)
    assert spent > 0
    assert Sample.of([3.0, 1.0, 2.0]) == Sample(2.0, 1.0, 3.0)


def test_a_benchmark_that_did_not_do_its_work_is_not_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(WrongAnswerError, match="plays: 1 instead of 2"):
        expect("plays", 1, 2)
    monkeypatch.setattr(crawl, "lambda_handler", lambda *_: {"batchItemFailures": [{"id": "1"}]})
    with pytest.raises(WrongAnswerError, match="failed crawls"):
        crawl.crawl_batch([Owner("harbor", "ada")], 0)


def test_a_benchmark_that_fails_names_its_log() -> None:
    with pytest.raises(CommandFailedError, match=r"crawl-x failed; see .*crawl-x\.log"):
        run.run(quick=True, on_step=lambda _: None, benchmarks=("crawl-x",))


def test_latency_shows_how_much_of_an_invocation_is_waiting(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "--latency", "aws", "--quick", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "waiting" in done.output
    found = json.loads((tmp_path / "waiting.json").read_text())
    assert len(found) == 3
    for of in found.values():
        # The shortest invocation makes one call, of which the fastest draws take 2 ms.
        assert of["with_latency"]["median"] > of["at_once"]["least"] + 1
    assert not (tmp_path / "bench.json").exists()


def test_invalid_input_gets_one_line() -> None:
    done = CliRunner().invoke(app, ["bench", "--out", __file__])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert "cannot be created" in line
