"""How a command fails: one line on standard error and an exit code."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup


class CommandFailedError(typer.TyperException):
    """Something went wrong; the message is one line and names a log where there is one. Exit 1."""


class OneLineErrors(TyperGroup):
    """Shows wrong input (exit code 2) and failures (1) as one line, instead of typer's box."""

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
        except typer.TyperException as error:
            if not standalone_mode:
                raise
            typer.echo(f"topk: {' '.join(error.format_message().split())}", err=True)
            code = error.exit_code
        return sys.exit(code) if standalone_mode else code
