"""topk replay: runs a fixture and shows what changed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

EVENTS = Path(__file__).resolve().parents[2] / "events"


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["replay", *arguments])
    return result.exit_code, result.output


def test_shows_the_response_and_the_changes_but_no_token() -> None:
    code, output = _run(str(EVENTS / "crawl" / "due.json"))
    assert code == 0
    assert '"batchItemFailures": []' in output
    assert "connections" in output
    assert "added" in output
    assert "fake-access" not in output
    assert "fake-refresh" not in output


def test_reports_that_nothing_changed() -> None:
    code, output = _run(str(EVENTS / "account" / "show.json"))
    assert code == 0
    assert "nothing" in output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("crawl/missing.json", None, "No such file"),
        ("crawl/broken.json", "{", "not JSON"),
        ("elsewhere/due.json", "{}", "events/<function>/"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(
    tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    if content is not None:
        path.write_text(content)
    code, output = _run(str(path))
    assert code == 2
    assert message in output
    assert len(output.strip().splitlines()) == 1
