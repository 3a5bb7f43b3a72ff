"""`topk capacity`: simulate days at full scale; charts and a report of the results."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.progress import shown
from simulator.capacity.inputs import BadInputError, read_inputs
from simulator.capacity.scenarios import BY_NAME, SCENARIOS

if TYPE_CHECKING:
    from simulator.capacity.report.sheets import Sheet

BENCH = Path("out/bench.json")
COST = Path("out/cost.json")
OUT = Path("out")


def _known(names: list[str] | None) -> list[str] | None:
    unknown = [name for name in names or [] if name not in BY_NAME]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is not one of {', '.join(BY_NAME)}")
    return names


def _folder(out: Path) -> Path:
    """Created first, so that a bad folder fails before the simulation."""
    try:
        (out / "capacity").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{out} cannot be created: {error.strerror}") from error
    return out


def capacity(
    days: Annotated[int, typer.Option(min=1, max=14, help="Days to simulate.")] = 3,
    users: Annotated[
        int | None,
        typer.Option(min=1_000, max=1_000_000_000, help="Number of users with connected accounts."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulation.")] = 7,
    sampled: Annotated[
        int, typer.Option(min=100, max=100_000, help="Number of accounts of each provider.")
    ] = 2_000,
    scenario: Annotated[
        list[str] | None,
        typer.Option(callback=_known, help="Scenario to run; may be repeated. Default: all."),
    ] = None,
    out: Annotated[
        Path, typer.Option(callback=_folder, help="Folder for capacity.json and capacity/.")
    ] = OUT,
) -> None:
    """Simulate days at full scale: can everyone be crawled, with how many workers, at what cost?

    Which accounts are crawled when is decided by the product's own code, for a sample of them.
    Writes capacity.json and, in capacity/, charts and report.html.
    """
    from cli.studies.capacity.decisions import decisions
    from simulator.capacity.report.sheets import sheets
    from simulator.capacity.report.write import write
    from simulator.capacity.study import study  # numpy and matplotlib take a second to import

    console = Console()
    wanted = [BY_NAME[name] for name in scenario] if scenario else list(SCENARIOS)
    try:
        inputs = read_inputs(BENCH, COST, users=users)
    except BadInputError as error:
        raise typer.BadParameter(str(error)) from error
    hours = [f"Hour {hour}" for hour in range(days * 24)]
    accounts = [f"Accounts: {one.name}" for one in wanted]
    with shown([*accounts, *hours, "Pictures"], console) as begin:
        begin(accounts[0])
        found = study(
            wanted,
            inputs,
            decisions(sampled, days=days, seed=seed),
            days=days,
            seed=seed,
            on_scenario=lambda name: begin(f"Accounts: {name}"),
            on_hour=lambda hour: begin(hours[min(hour + 1, len(hours) - 1)]),
        )
        begin("Pictures")
        written = write(found, out)
    for sheet in sheets(found):
        console.print(_table(sheet))
    console.print(_inputs(inputs.origins))
    console.print(f"Written: {', '.join(map(str, written))}", soft_wrap=True)


def _inputs(origins: Mapping[str, str]) -> Table:
    """Which inputs were measured, and which are declared or assumed."""
    table = Table("figure", "from", title="Inputs of the simulation", title_justify="left")
    for name, origin in sorted(origins.items(), key=lambda one: not one[1].startswith("measured")):
        table.add_row(name, Text(origin))
    return table


def _table(sheet: "Sheet") -> Table:
    words, *numbers = sheet.columns
    table = Table(words, title=sheet.title, title_justify="left", caption=sheet.note or None)
    for column in numbers:
        table.add_column(column, justify="right")
    for row in sheet.rows:
        table.add_row(*map(Text, row))
    return table
