"""`topk`: the project's command line. One module per command; each is registered here."""

import typer

from cli import tools
from cli.commands.measure.bench import bench
from cli.commands.measure.brownouts import brownouts
from cli.commands.measure.capacity import capacity
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

app = typer.Typer(
    cls=OneLineErrors,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    demo,
    up,
    down,
    status,
    preflight,
    deploy,
    destroy,
    replay,
    identity_report,
    accuracy,
    capacity,
    bench,
    load,
    cost,
    dispatch,
    starts,
    brownouts,
    sam,
    sam_env,
    fuzz,
    attack,
    access_matrix,
    tenancy,
    growth,
    figures,
    chaos,
    inspect,
    redrive,
    rebuild,
    restore,
    drill,
    first_list,
    lighthouse,
):
    app.command()(command)
app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)(cdk)
app.add_typer(archive, name="archive")
app.add_typer(tenant, name="tenant")


@app.callback()
def prepare() -> None:
    """Run, operate and measure the service."""
    tools.use()
