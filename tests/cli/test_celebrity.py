"""`topk celebrity` on a small crowd."""

import json
from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from topk.stores.tables.popular_lists import LIST_SECONDS, VISIBILITY_SECONDS


def test_processes_read_an_owner_once_in_some_seconds_and_the_edge_keeps_the_rest(
    tmp_path: Path,
) -> None:
    arguments = ["celebrity", "--rate", "2000", "--seconds", "20", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "celebrity.json").read_text())
    signed_in, anonymous = found["crowds"]
    each = 1 / VISIBILITY_SECONDS + 7 / LIST_SECONDS
    assert 0 < signed_in["reads"] < 2 * each * signed_in["environments"]
    assert signed_in["passed"] == 2000
    assert anonymous["passed"] < 1
