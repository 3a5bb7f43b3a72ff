"""`topk`: the project's command line. One module per command; each is registered here."""

import typer

from cli import tools
from cli.access_matrix import access_matrix
from cli.accuracy import accuracy
from cli.archive import archive
from cli.bench import bench
from cli.capacity import capacity
from cli.cdk import cdk
from cli.chaos import chaos
from cli.cost import cost
from cli.demo import demo
from cli.down import down
from cli.drill import drill
from cli.failure import OneLineErrors
from cli.figures import figures
from cli.first_list import first_list
from cli.fuzz import fuzz
from cli.growth import growth
from cli.identity_report import identity_report
from cli.inspect_owner import inspect
from cli.lighthouse import lighthouse
from cli.load import load
from cli.rebuild import rebuild
from cli.redrive import redrive
from cli.replay import replay
from cli.restore import restore
from cli.sam import sam
from cli.stages import deploy, destroy
from cli.status import status
from cli.up import up

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
    deploy,
    destroy,
    replay,
    identity_report,
    accuracy,
    capacity,
    bench,
    load,
    cost,
    sam,
    fuzz,
    access_matrix,
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


@app.callback()
def prepare() -> None:
    """Run, operate and measure the service."""
    tools.use()


if __name__ == "__main__":
    app(prog_name="topk")
