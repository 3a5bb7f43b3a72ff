"""Command errors: one line on standard error and an exit code."""

import errno
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

FAILED = 1
INTERRUPTED = 130
"""As a shell gives it for a command that SIGINT ended."""
_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


class CommandFailedError(typer.TyperException):
    """A command failed (exit code 1). The message is one line and names a log if there is one.

    `details` are lines that say why, shown before the message.
    """

    def __init__(self, message: str, *, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)


class NotChosenError(CommandFailedError):
    """The target of the command is ambiguous or missing. Exit 2."""

    exit_code = 2


class OneLineErrors(TyperGroup):
    """Prints invalid input (exit code 2) and failures (1) as one line instead of typer's box.

    File system errors are failures too; Ctrl-C is exit code 130.
    """

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; its help names no type of a switch, which takes no value."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            for parameter in (*found.params, found.get_help_option(ctx)):
                _hide_type(parameter)
        return found

    def get_params(self, ctx: Any) -> Any:
        found = super().get_params(ctx)
        for parameter in found:
            _hide_type(parameter)
        return found

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
            if code == INTERRUPTED:
                _say("interrupted")
        except typer.TyperException as error:
            if not standalone_mode:
                raise
            for line in getattr(error, "details", ()):
                typer.echo(f"  {line}", err=True)
            _say(error.format_message())
            code = error.exit_code
        except OSError as error:
            if not standalone_mode or not (refused := _refused(error)):
                raise
            _say(refused)
            code = FAILED
        return sys.exit(code) if standalone_mode else code


def _hide_type(parameter: Any) -> None:
    if getattr(parameter, "is_flag", False):
        parameter.metavar = ""


def _say(message: str) -> None:
    typer.echo(f"topk: {' '.join(message.split())}", err=True)


def _refused(error: OSError) -> str:
    """The file system's error in words; empty for other errors, which are bugs."""
    if error.errno in _DISK_IS_FULL:
        return f"the disk is full{f': {error.filename}' if error.filename else ''}"
    return f"{error.filename}: {error.strerror}" if error.filename else ""
