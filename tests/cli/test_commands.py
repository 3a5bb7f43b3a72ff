"""The commands' errors for invalid input."""

from importlib import metadata

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["up", "--users", "0"], "--users"),
        (["up", "--users", "many"], "--users"),
        (["up", "--seed", "-1"], "--seed"),
        (["up", "--name", "../elsewhere"], "--name"),
        (["up", "extra"], "extra"),
        (["down", "--name", "No"], "--name"),
        (["status", "--verbose"], "--verbose"),
        (["redrive", "spotify", "--name", "never-started"], "never-started is not running"),
        (["rebuild", "--stage", "nowhere"], "no stage 'nowhere'; cdk.json declares"),
        (["rebuild", "--stage", "local"], "no stage 'local'"),
        (["inspect", "harbor/anna", "--name", "never-started"], "never-started is not running"),
        (["lighthouse", "fed"], "'fed' is not one of profile"),
        (["first-list", "--times", "0"], "--times"),
        (["inspect"], "owner"),
        (["upp"], "upp"),
        ([], "command"),
    ],
)
def test_invalid_input_gets_one_line_that_names_it(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("topk: ")
    assert says in line


def test_stopping_a_stack_that_does_not_run_is_no_error() -> None:
    done = CliRunner().invoke(app, ["down", "--name", "never-started"])
    assert (done.exit_code, done.stdout) == (0, "never-started is not running\n")


def test_the_status_of_a_stopped_stack_has_its_own_exit_code() -> None:
    done = CliRunner().invoke(app, ["status", "--name", "never-started"])
    assert done.exit_code == 3
    assert done.stdout.startswith("never-started is not running")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command_in_groups_of_80_columns(
    option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = CliRunner().invoke(app, [option])
    assert done.exit_code == 0
    named = [one.callback.__name__ for one in app.registered_commands if one.callback]
    assert all(f"│ {name.replace('_', '-')} " in done.stdout for name in named)
    for group in ("Run it here", "Operate a stage", "Recover data"):
        assert f"─ {group} ─" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "<bool>" not in done.stdout
    assert "<bool>" not in CliRunner().invoke(app, ["up", option]).stdout


def test_the_version_is_that_of_the_project() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"topk {metadata.version('topk')}\n")
