"""docs/figures.md and the blocks of other documents hold what was recorded, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.studies.figures.pages import (
    FigureError,
    Recorded,
    filled,
    measured,
    page,
    read,
    to_json,
    without_blocks,
)
from cli.studies.figures.sizing import load
from cli.studies.figures.tables import SOURCES, Source, Table

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
RECORDED = read(DOCS / "figures.json")
DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
TABLE = Table("sizes", "Sizes", ("what", "size"), (("a row", "2 KB"),), "On average.")


def _source(command: str = "topk weigh") -> Source:
    return Source(command, "weigh.json", lambda found: [Table("w", found["title"], ("a",), ())])


def test_the_page_shows_the_recorded_figures() -> None:
    assert (DOCS / "figures.md").read_text(encoding="utf-8") == page(RECORDED)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_blocks_show_the_recorded_figures(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert filled(text, RECORDED) == text


def test_recorded_figures_are_of_known_commands_with_distinct_names() -> None:
    assert set(RECORDED) <= {source.command for source in SOURCES}
    names = [table.name for one in RECORDED.values() for table in one.tables]
    assert len(names) == len(set(names))


def test_json_keeps_every_table() -> None:
    recorded = {"topk weigh": Recorded("topk weigh", "2026-01-02", (TABLE,))}
    found = json.loads(to_json(recorded))
    assert found["topk weigh"]["measured"] == "2026-01-02"
    assert Table(**found["topk weigh"]["tables"][0]).rows == [["a row", "2 KB"]]


def test_a_block_is_replaced_and_the_words_around_it_stay() -> None:
    recorded = {"topk weigh": Recorded("topk weigh", "2026-01-02", (TABLE,))}
    text = "Before.\n\n<!-- figures: sizes -->\nold\n<!-- /figures -->\n\nAfter.\n"
    new = filled(text, recorded)
    assert "| a row | 2 KB |" in new
    assert "`topk weigh`, 2026-01-02" in new
    assert "old" not in new
    assert filled(new, recorded) == new
    assert without_blocks(new) == "Before.\n\n\n\nAfter.\n"


def test_an_unknown_block_is_refused() -> None:
    with pytest.raises(FigureError, match="nowhere"):
        filled("<!-- figures: nowhere -->\n<!-- /figures -->", {})


def test_a_command_that_did_not_run_has_no_figures(tmp_path: Path) -> None:
    assert measured(_source(), tmp_path) is None


@pytest.mark.parametrize("content", ["{", "[]", '{"other": 1}', "null"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "weigh.json").write_text(content)
    with pytest.raises(FigureError, match=r"weigh\.json"):
        measured(_source(), tmp_path)


def test_the_command_reports_a_bad_file_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bench.json").write_text("{}")
    result = CliRunner().invoke(app, ["figures", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "bench.json" in result.stderr


def test_load_scales_a_run_to_seventy_million_crawls_a_day() -> None:
    requests = [
        _request("crawl spotify", "PutItem", "plays", write=864.0),
        _request("read profile", "BatchGetItem", "follows", requests=3, read=1.5),
        _request("read profile", "BatchGetItem", "top_lists", requests=3, read=1.5),
        _request("read own", "BatchGetItem", "profiles", requests=2, read=2.0),
        _request("read feed", "Query", "follows", requests=1, read=6.0),
    ]
    assert load(requests, crawls=700_000) == [
        ("Follows", "0", "0", "2,894", "14,468"),
        ("Plays", "1", "0", "0", "0"),
        ("Profiles", "0", "0", "0", "1,350"),
        ("TopLists", "0", "0", "2,894", "0"),
    ]


def _request(function: str, operation: str, table: str, **measured: float) -> dict[str, Any]:
    named = {"service": "dynamodb", "function": function, "operation": operation}
    return {"requests": 1, "read": 0.0, "write": 0.0, **named, "resource": table, **measured}
