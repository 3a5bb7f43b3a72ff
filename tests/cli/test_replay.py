"""topk replay: runs a fixture and shows what changed."""

from pathlib import Path

import boto3
import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.sandbox.deployment import REGION, sandbox
from cli.sandbox.snapshot import rows
from topk.stores.dynamodb.models import MODELS

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


def test_a_snapshot_shows_rows_that_differ_in_one_part_of_their_key() -> None:
    with sandbox():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        for table in MODELS:
            schema = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
            names = [part["AttributeName"] for part in schema]
            row = {name: {"S": "0"} for name in names}
            for item in (row, *({**row, name: {"S": "1"}} for name in names)):
                before = rows(dynamodb, table)
                dynamodb.put_item(TableName=table, Item=item)
                assert len(rows(dynamodb, table)) == len(before) + 1, (table, item)
