"""`topk`: the project's command line. One module per command; each is registered here."""

from collections.abc import Callable
from importlib import metadata
from typing import Annotated

import typer

from cli import tools
from cli.commands.measure.bench import bench
from cli.commands.measure.brownouts import brownouts
from cli.commands.measure.capacity import capacity
from cli.commands.measure.celebrity import celebrity
from cli.commands.measure.cost import cost
from cli.commands.measure.dispatch import dispatch
from cli.commands.measure.figures import figures
from cli.commands.measure.first_list import first_list
from cli.commands.measure.growth import growth
from cli.commands.measure.lighthouse import lighthouse
from cli.commands.measure.load import load
from cli.commands.measure.starts import starts
from cli.commands.operate.archive import archive
from cli.commands.operate.inspect import inspect
from cli.commands.operate.preflight import preflight
from cli.commands.operate.redrive import redrive
from cli.commands.operate.stages import deploy, destroy
from cli.commands.operate.tenant import tenant
from cli.commands.prove.access_matrix import access_matrix
from cli.commands.prove.accuracy import accuracy
from cli.commands.prove.attack import attack
from cli.commands.prove.chaos import chaos
from cli.commands.prove.fuzz import fuzz
from cli.commands.prove.identity_report import identity_report
from cli.commands.prove.rehearse import rehearse
from cli.commands.prove.tenancy import tenancy
from cli.commands.recover.drill import drill
from cli.commands.recover.rebuild import rebuild
from cli.commands.recover.restore import restore
from cli.commands.run.cdk import cdk
from cli.commands.run.demo import demo
from cli.commands.run.down import down
from cli.commands.run.replay import replay
from cli.commands.run.sam import sam
from cli.commands.run.sam_env import sam_env
from cli.commands.run.status import status
from cli.commands.run.up import up
from cli.failure import OneLineErrors

RUN, OPERATE, RECOVER = "Run it here", "Operate a stage", "Recover data"
PROVE, MEASURE = "Prove that it is right", "Measure it"
GROUPS: dict[str, tuple[Callable[..., None], ...]] = {
    RUN: (demo, up, down, status, replay, sam, sam_env),
    OPERATE: (preflight, deploy, destroy, inspect, redrive),
    RECOVER: (rebuild, restore, drill),
    PROVE: (accuracy, access_matrix, attack, chaos, fuzz, identity_report, rehearse, tenancy),
    MEASURE: (
        bench,
        brownouts,
        capacity,
        celebrity,
        cost,
        dispatch,
        figures,
        first_list,
        growth,
        lighthouse,
        load,
        starts,
    ),
}
"""The commands as the help shows them."""

app = typer.Typer(
    cls=OneLineErrors,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for panel, commands in GROUPS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
    rich_help_panel=RUN,
)(cdk)
app.add_typer(archive, name="archive", rich_help_panel=RECOVER)
app.add_typer(tenant, name="tenant", rich_help_panel=OPERATE)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"topk {metadata.version('topk')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version."),
]


@app.callback()
def prepare(version: Version = False) -> None:  # noqa: ARG001 - the callback answers it
    """Run, operate and measure the service."""
    tools.use()
