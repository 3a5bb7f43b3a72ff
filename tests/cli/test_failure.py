"""A failing command prints one line and exits with a code for the kind of error."""

import errno
import os
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from cli.failure import CommandFailedError, OneLineErrors
from cli.operated import agreed


def ended(error: BaseException) -> tuple[int, str]:
    """Exit code and standard error of a command that raises `error`."""
    app = typer.Typer(cls=OneLineErrors, add_completion=False)

    @app.command()
    def fails() -> None:
        raise error

    @app.command()
    def other() -> None:
        pass

    done = CliRunner().invoke(app, ["fails"])
    return done.exit_code, done.stderr


def test_a_failure_shows_its_details_and_then_one_line() -> None:
    error = CommandFailedError("deploy failed; see deploy.log", details=["no account", "at all"])
    assert ended(error) == (1, "  no account\n  at all\ntopk: deploy failed; see deploy.log\n")


def test_ctrl_c_ends_with_the_exit_code_of_an_interrupted_command() -> None:
    assert ended(KeyboardInterrupt()) == (130, "topk: interrupted\n")


_INTERRUPTED_WHILE_LOADING = """
import sys
from cli.start import run

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "cli.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
run()
"""


def test_ctrl_c_while_the_commands_load_shows_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED_WHILE_LOADING], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (130, "topk: interrupted\n")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOTDIR, errno.EISDIR])
def test_a_file_system_error_names_the_file(number: int) -> None:
    error = OSError(number, os.strerror(number), "/data/state.json")
    assert ended(error) == (1, f"topk: /data/state.json: {os.strerror(number)}\n")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_reported_as_such(number: int) -> None:
    assert ended(OSError(number, "whatever")) == (1, "topk: the disk is full\n")


def test_a_programming_error_is_not_hidden() -> None:
    app = typer.Typer(cls=OneLineErrors, add_completion=False)

    @app.command()
    def fails() -> None:
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")

    @app.command()
    def other() -> None:
        pass

    assert isinstance(CliRunner().invoke(app, ["fails"]).exception, ConnectionRefusedError)


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        ("y\n", 0, ""),
        ("YES\n", 0, ""),
        ("n\n", 1, ""),
        ("\n", 1, ""),
        ("", 1, "topk: no answer at the end of input; --yes skips the question\n"),
    ],
)
def test_only_yes_continues(answer: str, code: int, says: str) -> None:
    app = typer.Typer(cls=OneLineErrors, add_completion=False)

    @app.command()
    def asks() -> None:
        agreed("Do it", yes=False)

    @app.command()
    def other() -> None:
        pass

    done = CliRunner().invoke(app, ["asks"], input=answer)
    assert (done.exit_code, done.stderr) == (code, says)


def test_the_yes_option_skips_the_question() -> None:
    code = "from cli.operated import agreed; agreed('Do it', yes=True)"
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"Do it\n", b"")
