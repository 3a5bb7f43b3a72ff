"""Commands use the running stack, whatever its name."""

import os
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from cli.commands.run import down
from cli.failure import CommandFailedError, NotChosenError
from cli.local_stack import chosen_stack as module
from cli.local_stack import state
from cli.local_stack.chosen_stack import NothingRunsError, chosen_stack, running_stack
from cli.local_stack.processes import Process
from cli.local_stack.state import State
from cli.main import app

URLS = ("http://127.0.0.1:1", "http://127.0.0.1:2")
APIS = {"harbor": "http://127.0.0.1:2/harbor"}


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of stacks; this process is the only one that really runs."""
    for place in (state, module, down):
        monkeypatch.setattr(place, "STACKS", tmp_path)
    return tmp_path


def leave(stacks: Path, name: str, *, runs: bool = True, ready: bool = True) -> None:
    started = psutil.Process().create_time() - (0 if runs else 1000)
    process = Process("world", os.getpid(), started, "world.log")
    (stacks / name).mkdir()
    State(stacks / name, *URLS, (process,), {}, APIS if ready else {}).save()


def test_the_only_running_stack_is_used_and_named(
    stacks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(stacks, "ended", runs=False)
    leave(stacks, "demo")
    assert chosen_stack(None).name == "demo"
    assert capsys.readouterr() == ("", "Local stack: demo\n")


def test_with_several_running_stacks_one_must_be_named(stacks: Path) -> None:
    leave(stacks, "demo")
    leave(stacks, "local")
    with pytest.raises(NotChosenError, match="demo, local are running; choose one with --name"):
        chosen_stack(None)
    assert chosen_stack("local").name == "local"


def test_without_a_running_stack_none_is_used(stacks: Path) -> None:
    leave(stacks, "ended", runs=False)
    for name, says in ((None, "no local stack is running"), ("ended", "ended is not running")):
        with pytest.raises(NothingRunsError, match=says):
            chosen_stack(name)
        assert running_stack(name) is None


def test_a_stack_that_is_still_starting_is_not_used(stacks: Path) -> None:
    leave(stacks, "local", ready=False)
    for name in (None, "local"):
        with pytest.raises(CommandFailedError, match="local is still being started"):
            chosen_stack(name)


def test_down_stops_one_of_several_only_if_it_is_named(stacks: Path) -> None:
    leave(stacks, "demo")
    leave(stacks, "local")
    done = CliRunner().invoke(app, ["down"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "demo, local are running; choose one with --name, or --all" in done.stderr


def test_down_without_a_running_stack_is_no_error(stacks: Path) -> None:
    leave(stacks, "ended", runs=False)
    done = CliRunner().invoke(app, ["down"])
    assert (done.exit_code, done.stdout) == (0, "no local stack is running\n")


def test_status_without_a_running_stack_has_its_own_exit_code(stacks: Path) -> None:
    done = CliRunner().invoke(app, ["status"])
    assert (done.exit_code, done.stdout) == (3, "no local stack is running; `topk up` starts one\n")
