"""`topk sam`: run every fixture in the Lambda runtime and compare with the function in process."""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.commands.run.replay import FUNCTIONS
from cli.failure import CommandFailedError
from cli.progress import shown
from cli.studies.sam.assembly import synthesise
from cli.studies.sam.docker import build_image, engine
from cli.studies.sam.fixture import Fixture
from cli.studies.sam.runtime import emulator
from simulator.emulator.process import ROOT

OUT = Path("out/sam.json")


class Way(StrEnum):
    AUTO = "auto"
    DOCKER = "docker"
    RUNTIME = "runtime"


def sam(
    fixtures: Annotated[
        list[Path] | None, typer.Argument(help="Event files in events/<function>/. Default: all.")
    ] = None,
    way: Annotated[
        Way,
        typer.Option(help="Use sam local invoke, the Lambda runtime only, or Docker if available."),
    ] = Way.AUTO,
) -> None:
    """Run fixtures in the Lambda runtime on Python 3.13, with the deployed code and layers.

    Uses `sam local invoke` if Docker is available, otherwise the Lambda runtime interface
    emulator. A fixture passes if response and changes equal those of the function in process.
    """
    # moto and all functions take a second to load, which no other command should wait for.
    from cli.studies.sam.comparison import judged

    wanted = [_fixture(path) for path in fixtures] if fixtures else list(_every_fixture())
    emulator()
    docker = by_docker(way)
    console = Console()
    with TemporaryDirectory() as folder, shown(_steps(wanted), console) as begin:
        begin("cdk synth")
        assembly = synthesise(Path(folder))
        if docker:
            build_image()
        faults = {}
        for fixture, found in judged(wanted, assembly, docker=docker):
            begin(fixture.name)
            faults[fixture.name] = found
    _report(faults, docker=docker, console=console)
    if any(faults.values()):
        raise typer.Exit(1)


def _steps(wanted: Iterable[Fixture]) -> list[str]:
    return ["cdk synth", *(fixture.name for fixture in wanted)]


def _every_fixture() -> Iterator[Fixture]:
    for function in FUNCTIONS:
        yield from map(Fixture, sorted((ROOT / "events" / function).glob("*.json")))


def _fixture(path: Path) -> Fixture:
    if path.resolve().parent.name not in FUNCTIONS or not path.is_file():
        raise typer.BadParameter(f"{path} is not a file in events/<function>/")
    return Fixture(path.resolve())


def by_docker(way: Way) -> bool:
    """Whether `way` uses Docker on this machine.

    Raises CommandFailedError if Docker is required but not available.
    """
    if way is Way.RUNTIME:
        return False
    found = engine()
    if way is Way.DOCKER and not found:
        raise CommandFailedError("Docker is not available; --way runtime does not need it")
    return found


def _report(faults: dict[str, list[str]], *, docker: bool, console: Console) -> None:
    how = (
        "sam local invoke, in Docker"
        if docker
        else "the Lambda runtime interface emulator, without Docker"
    )
    passed = sum(not found for found in faults.values())
    OUT.parent.mkdir(exist_ok=True)
    told = {"way": how, "fixtures": len(faults), "passed": passed, "faults": faults}
    OUT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    if passed < len(faults):
        table = Table("fixture", Column("what differs", overflow="fold"))
        for name, found in faults.items():
            for line in found:
                table.add_row(name, line)
        console.print(table)
    console.print(f"{passed} of {len(faults)} fixtures pass through {how} (Python 3.13)")
