"""`topk drill`: drop Plays and TopLists, recover both, and report how long it took.

With `--imports`: import a generated history of each format, and compare it with the truth.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from unittest.mock import patch

import typer
from rich.console import Console
from rich.table import Table

from cli.failure import CommandFailedError
from cli.local_stack.emulator_client import client
from cli.local_stack.ports import free_ports
from cli.local_stack.processes import launch, stop
from cli.local_stack.readiness import await_answer
from cli.local_stack.stack import EMULATOR_PYTHON
from cli.progress import counted
from cli.recovery.drilling import Drill, Loss
from cli.recovery.full_scale import COLUMNS, full_scale, row
from cli.studies.imports.report import (
    MOST_MEGABYTES,
    measured,
    memory_table,
    results,
    results_table,
)
from simulator.emulator.process import REGION, ROOT, ROOT_CREDENTIALS, EmulatorProcess
from simulator.histories.formats import WRITERS
from topk.clock import wall_clock
from topk.stores.dynamodb.models import MODELS, bind
from topk.stores.s3.archive import Archive
from topk.stores.tables.play_owners import PlayOwners

OUT = ROOT / "out" / "drill.json"
IMPORTS_OUT = ROOT / "out" / "drill-imports.json"
BUCKET = "drill-archive"
USED = ("plays", "top_lists", "connections", "profiles")


def drill(
    owners: Annotated[int, typer.Option(min=1, max=1_000_000, help="Number of owners.")] = 1000,
    tenants: Annotated[
        int, typer.Option(min=1, max=100_000, help="Number of tenants that the owners are of.")
    ] = 1,
    of_imports: Annotated[
        bool, typer.Option("--imports", help="Import generated histories of each format.")
    ] = False,
    plays: Annotated[
        int, typer.Option(min=100, max=10_000_000, help="Plays of a history; only with --imports.")
    ] = 100_000,
    large_megabytes: Annotated[
        int, typer.Option(min=1, max=4000, help="Size of a large file; only with --imports.")
    ] = 200,
) -> None:
    """Drop and restore Plays, drop and rebuild TopLists, on a separate emulator."""
    if of_imports:
        _drill_imports(plays, large_megabytes)
        return
    if not EMULATOR_PYTHON.exists():
        raise CommandFailedError("the emulator is not installed; run `make setup`")
    with (
        tempfile.TemporaryDirectory(prefix="topk-drill-") as folder,
        _emulator(Path(folder)) as url,
    ):
        losses = _both(_prepared(owners, tenants, url, Path(folder)))
    console = Console()
    console.print(_table(losses))
    console.print(_full_scale(losses))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(loss) for loss in losses], indent=2) + "\n", encoding="utf-8")
    if any(loss.exact != loss.owners or loss.lost for loss in losses):
        raise CommandFailedError(f"some lists are not exact; see {OUT}")


def _drill_imports(plays: int, large_megabytes: int) -> None:
    with counted("import histories", len(WRITERS)) as passed:
        found = []
        for one in results(plays):
            found.append(one)
            passed(1)
    large = measured(large_megabytes * 1_000_000)
    console = Console()
    console.print(results_table(found))
    console.print(memory_table(large))
    told = {"formats": [asdict(one) for one in found], "large": large}
    IMPORTS_OUT.parent.mkdir(exist_ok=True)
    IMPORTS_OUT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    if not all(one.holds for one in found) or not large["adds_up"]:
        raise CommandFailedError(f"some imports are not exact; see {IMPORTS_OUT}")
    if large["peak_megabytes"] > MOST_MEGABYTES:
        raise CommandFailedError(f"a large file takes more than {MOST_MEGABYTES} MB")


def _both(drill: Drill) -> list[Loss]:
    with counted("write and archive plays", drill.owners) as passed:
        drill.move_in(passed)
    with counted("Plays lost: restore", None) as passed:
        first = drill.lose_plays(passed)
    with counted("TopLists lost: rebuild", drill.chunks) as passed:
        second = drill.lose_top_lists(passed)
    return [first, second]


def _prepared(owners: int, tenants: int, url: str, folder: Path) -> Drill:
    bind({kind: f"drill-{kind}" for kind in USED}, region=REGION)
    for kind in USED:
        MODELS[kind].create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    s3 = client("s3", url)
    s3.create_bucket(Bucket=BUCKET)
    return Drill(
        owners,
        Archive(s3, bucket=BUCKET),
        PlayOwners(client("dynamodb", url), table="drill-plays"),
        folder,
        int(wall_clock()),
        min(tenants, owners),
    )


@contextmanager
def _emulator(folder: Path) -> Iterator[str]:
    started = EmulatorProcess(EMULATOR_PYTHON, free_ports(1)[0], folder, folder / "clock.json")
    process = launch("emulator", started.command, environment=started.environment, folder=folder)
    keys = {
        "AWS_ENDPOINT_URL": started.url,
        "AWS_ACCESS_KEY_ID": ROOT_CREDENTIALS.key_id,
        "AWS_SECRET_ACCESS_KEY": ROOT_CREDENTIALS.secret,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    try:
        await_answer(process, f"{started.url}/_ministack/ready")
        with patch.dict(os.environ, keys):
            yield started.url
    finally:
        stop([process])


def _table(losses: list[Loss]) -> Table:
    table = Table(
        "lost",
        "owners",
        "exact",
        "chunks",
        "chunks lost",
        "files",
        "RTO (s)",
        "CPU (s)",
        title="Drill",
    )
    for loss in losses:
        table.add_row(
            loss.lost_table,
            str(loss.owners),
            str(loss.exact),
            str(loss.chunks),
            str(loss.lost),
            str(loss.files),
            f"{loss.seconds:.1f}",
            f"{loss.cpu_seconds:.1f}",
        )
    return table


def _full_scale(losses: list[Loss]) -> Table:
    table = Table(*COLUMNS, title="At full scale", title_justify="left")
    for loss in losses:
        table.add_row(*row(full_scale(asdict(loss))))
    return table
