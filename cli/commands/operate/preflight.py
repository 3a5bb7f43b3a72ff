"""`topk preflight`: what would make a deployment fail, before anything is changed."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.failure import CommandFailedError
from cli.launch.preflight import Finding, fetched
from cli.launch.preflight import preflight as findings
from cli.launch.stage_account import StageAccount, identity, stage_account, synthesised

Stage = Annotated[str, typer.Argument(help="Stage in cdk.json.")]


def preflight(stage: Stage = "") -> None:
    """Check credentials, regions, quotas and settings of a stage. Changes nothing."""
    check(stage_account(stage))


def check(account: StageAccount) -> None:
    """Shows every finding. Raises CommandFailedError if anything is to be done."""
    number = identity(account)
    name = account.deployment.name
    found = list(findings(account, number, templates=lambda: synthesised(name), fetch=fetched))
    Console().print(_table(found))
    if open_ := sum(bool(one.todo) for one in found):
        raise CommandFailedError(f"{open_} of {len(found)} checks of {name} need something done")


def _table(found: list[Finding]) -> Table:
    table = Table("check", Column("result", overflow="fold"), Column("what to do", overflow="fold"))
    for one in found:
        table.add_row(one.check, one.result, one.todo, style="bold" if one.todo else "")
    return table
