"""`topk cost`: measured capacity units of crawls, lists and reads, and what a day costs."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.choices import Seed
from cli.commands.measure.capacity import BENCH
from cli.progress import shown
from simulator.capacity.inputs import BadInputError, read_inputs
from simulator.capacity.prices import read_prices

LISTENERS = 60


def cost(
    users: Annotated[
        int | None,
        typer.Option(min=1_000, max=1_000_000_000, help="Number of users to compute the cost for."),
    ] = None,
    listeners: Annotated[
        int, typer.Option(min=2, max=5_000, help="Number of listeners in the measured run.")
    ] = LISTENERS,
    days: Annotated[int, typer.Option(min=1, max=14, help="Number of measured days.")] = 3,
    seed: Seed = 7,
    requests: Annotated[
        bool, typer.Option(help="Print every kind of request; cost.json always contains them.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for cost.json and cost/.")] = Path("out"),
) -> None:
    """Meter every AWS request of several days and compute the cost at any scale.

    Runs the deployed functions in this process, on AWS in memory and the simulated world.
    """
    # All functions take a second to load, which no other command should wait for.
    from cli.studies.metering import pushes
    from cli.studies.metering.findings import BATCHES, SINGLES, findings
    from cli.studies.metering.report import tables
    from cli.studies.metering.run import measure, steps
    from simulator.metering.pictures import write

    # What the functions print is caught meanwhile, so that the bar has to go elsewhere.
    progress, console = Console(stderr=True), Console()
    try:
        inputs = read_inputs(BENCH, users=users)
    except BadInputError as error:
        raise typer.BadParameter(str(error)) from error
    with shown([*steps(days), *pushes.steps()], progress) as begin:
        run = measure(users=listeners, days=days, seed=seed, on_step=begin)
        begin(pushes.steps()[0])
        pushed = {SINGLES: pushes.measure_singles(seed)}
        begin(pushes.steps()[1])
        pushed[BATCHES] = pushes.measure_batches(seed)
    found = findings(run, inputs, read_prices(), pushed)
    for table in tables(found, every_request=requests):
        console.print(table)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "cost.json"
    path.write_text(json.dumps(found.figures(), indent=2) + "\n", encoding="utf-8")
    title = f"Dollars a day of the ingest, {found.inputs.users:,} users"
    pictures = write(found.bills, out / "cost", title)
    console.print(f"Written: {', '.join(map(str, [path, *pictures]))}", soft_wrap=True)
