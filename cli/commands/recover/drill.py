"""`topk drill`: drop Plays and TopLists, recover both, and report how long it took."""

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
from simulator.emulator.process import REGION, ROOT, ROOT_CREDENTIALS, EmulatorProcess
from topk.clock import wall_clock
from topk.stores.dynamodb.models import MODELS, bind
from topk.stores.s3.archive import Archive
from topk.stores.tables.play_owners import PlayOwners

OUT = ROOT / "out" / "drill.json"
BUCKET = "drill-archive"
USED = ("plays", "top_lists", "connections", "profiles")


def drill(
    owners: Annotated[int, typer.Option(min=1, max=1_000_000, help="Number of owners.")] = 1000,
) -> None:
    """Drop and restore Plays, drop and rebuild TopLists, on a separate emulator."""
    if not EMULATOR_PYTHON.exists():
        raise CommandFailedError("the emulator is not installed; run `make setup`")
    with (
        tempfile.TemporaryDirectory(prefix="topk-drill-") as folder,
        _emulator(Path(folder)) as url,
    ):
        losses = _both(_prepared(owners, url, Path(folder)))
    console = Console()
    console.print(_table(losses))
    console.print(_full_scale(losses))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(loss) for loss in losses], indent=2) + "\n", encoding="utf-8")
    if any(loss.exact != loss.owners or loss.lost for loss in losses):
        raise CommandFailedError(f"some lists are not exact; see {OUT}")


def _both(drill: Drill) -> list[Loss]:
    with counted("write and archive plays", drill.owners) as passed:
        drill.move_in(passed)
    with counted("Plays lost: restore", None) as passed:
        first = drill.lose_plays(passed)
    with counted("TopLists lost: rebuild", drill.chunks) as passed:
        second = drill.lose_top_lists(passed)
    return [first, second]


def _prepared(owners: int, url: str, folder: Path) -> Drill:
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
    table = Table("lost", "owners", "exact", "chunks", "chunks lost", "RTO (s)", title="Drill")
    for loss in losses:
        table.add_row(
            loss.lost_table,
            str(loss.owners),
            str(loss.exact),
            str(loss.chunks),
            str(loss.lost),
            f"{loss.seconds:.1f}",
        )
    return table


def _full_scale(losses: list[Loss]) -> Table:
    table = Table(*COLUMNS, title="At full scale", title_justify="left")
    for loss in losses:
        table.add_row(*row(full_scale(asdict(loss))))
    return table
