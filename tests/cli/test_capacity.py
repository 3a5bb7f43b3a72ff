"""`topk capacity` on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.in_memory.world import declared_on_aws
from cli.main import app
from simulator.capacity.providers import PROVIDERS, CrawledProvider


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--days", "0"], "--days"),
        (["--users", "few"], "--users"),
        (["--seed", "-1"], "--seed"),
        (["--scenario", "flood"], "flood"),
        (["--out", __file__], "cannot be created"),
    ],
)
def test_invalid_input_gets_one_line(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["capacity", *arguments])
    assert done.exit_code == 2
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert says in line


def test_one_scenario_is_simulated_and_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["capacity", "--days", "1", "--users", "100000", "--scenario", "provider-down"]
    done = CliRunner().invoke(app, [*arguments, "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found = json.loads((out / "capacity.json").read_text())
    assert set(found["scenarios"]) == {"provider-down"}
    assert found["inputs"]["users"] == 100_000
    assert "provider-down" in done.stdout
    assert (out / "capacity" / "report.html").exists()


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_the_simulated_workers_are_those_of_production(provider: CrawledProvider) -> None:
    production = declared_on_aws("production")
    assert provider.at_once == production.max_concurrency(provider.name)
