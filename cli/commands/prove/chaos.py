"""`topk chaos`: run the service under faults drawn from seeds, and check its promises."""

import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.local_stack import function_logs
from cli.local_stack.stack import STEPS, LocalStack
from cli.local_stack.state import STACKS
from cli.progress import bars, shown
from cli.studies.chaos.oracle.outcome import Outcome
from cli.studies.chaos.oracle.report import broken, table
from cli.studies.chaos.pool import outcomes
from cli.studies.chaos.proof import Proof, proof_table, proofs
from cli.studies.demonstration.days import midnight_after
from cli.studies.push_storm.report import figures as push_figures
from cli.studies.push_storm.report import push_outcomes, push_table, runs
from cli.studies.push_storm.run import PushOutcome
from cli.studies.wire import report as wire_report
from cli.studies.wire.run import run
from topk.clock import wall_clock

OUT = Path("out/chaos.json")
WIRE_OUT = Path("out/chaos-wire.json")
PUSH_OUT = Path("out/chaos-push.json")
WIRE_SEED, WIRE_USERS = 7, 300
SHOWN = 20

Seeds = Annotated[int, typer.Option(min=1, max=1_000_000, help="Number of runs.")]
First = Annotated[int, typer.Option(min=0, help="Seed of the first run.")]
One = Annotated[int | None, typer.Option(min=0, help="Run only this seed.")]
Traced = Annotated[bool, typer.Option("--trace", help="Print every step; requires --seed.")]
Proving = Annotated[
    bool, typer.Option("--prove", help="Remove each guard in turn and check that a run notices.")
]
OnWire = Annotated[
    bool,
    typer.Option(
        "--wire", help="Run the deployed service, with faults between functions and emulator."
    ),
]
OfPlayers = Annotated[
    bool, typer.Option("--push", help="Push plays by players' protocols, under faults.")
]
Listens = Annotated[
    int, typer.Option(min=10, max=10_000_000, help="Number of plays; only with --push.")
]
WireUsers = Annotated[
    int, typer.Option(min=2, max=10_000, help="Number of listeners; only with --wire.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, max=64, help="Number of processes. Default: number of cores.")
]


def chaos(
    seeds: Seeds = 100,
    first: First = 0,
    seed: One = None,
    trace: Traced = False,
    prove: Proving = False,
    wire: OnWire = False,
    users: WireUsers = WIRE_USERS,
    push: OfPlayers = False,
    listens: Listens = 1_000_000,
    workers: Workers = None,
) -> None:
    """Run the service under faults of every kind, then check every promise.

    Replay a failing seed with `--seed N --trace`. Exit code 1 if a promise was broken.
    Writes out/chaos.json; with --wire, out/chaos-wire.json; with --push, out/chaos-push.json.
    """
    console = Console()
    if wire and (prove or trace):
        raise typer.BadParameter(
            "can only be combined with --seed and --users", param_hint="--wire"
        )
    if trace and seed is None:
        raise typer.BadParameter("requires --seed N", param_hint="--trace")
    if prove and seed is not None:
        raise typer.BadParameter(
            "cannot be combined with --prove and --seed at the same time", param_hint="--seed"
        )
    if push and (wire or prove or trace or seed is not None):
        raise typer.BadParameter(
            "can only be combined with --listens and --workers", param_hint="--push"
        )
    if push:
        _push(console, listens, workers)
    elif wire:
        _wire(console, users, WIRE_SEED if seed is None else seed)
    elif prove:
        _prove(console, workers)
    else:
        _storms(
            console, range(first, first + seeds) if seed is None else [seed], workers, traced=trace
        )


def _storms(console: Console, seeds: Sequence[int], workers: int | None, *, traced: bool) -> None:
    began = time.monotonic()
    found: list[Outcome] = []
    with bars(console) as progress:
        passing = progress.add_task("Runs", total=len(seeds))
        for one in outcomes(seeds, workers=workers, traced=traced):
            found.append(one)
            progress.advance(passing)
    found.sort(key=lambda one: one.seed)
    for line in (line for one in found for line in one.trace):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    figures = _figures(found, time.monotonic() - began, workers)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(table(found))
    failed = [one for one in found if one.wrong]
    for one in failed[:SHOWN]:
        console.print(f"seed {one.seed}: {one.wrong[0]}", style="red", markup=False)
    if failed:
        raise typer.Exit(1)


def _wire(console: Console, users: int, seed: int) -> None:
    with shown(STEPS, console) as on_step:
        stack = LocalStack.start(folder=STACKS / "wire", users=users, seed=seed, on_step=on_step)
    with stack:
        try:
            with bars(console) as progress:
                result = run(stack, seed, progress, begin=midnight_after(wall_clock()))
        finally:
            function_logs.save_and_say(stack, console)
    WIRE_OUT.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps(wire_report.figures(result), indent=2, ensure_ascii=False)
    WIRE_OUT.write_text(told + "\n", encoding="utf-8")
    console.print(wire_report.table(result))
    for who, what in list(result.faults.items())[:SHOWN]:
        console.print(f"{who}: {what}", style="red", markup=False)
    if result.faults:
        raise typer.Exit(1)


def _push(console: Console, listens: int, workers: int | None) -> None:
    began = time.monotonic()
    found: list[PushOutcome] = []
    with bars(console) as progress:
        passing = progress.add_task("Runs", total=runs(listens))
        for one in push_outcomes(listens, workers=workers):
            found.append(one)
            progress.advance(passing)
    PUSH_OUT.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps(push_figures(found, time.monotonic() - began), indent=2)
    PUSH_OUT.write_text(told + "\n", encoding="utf-8")
    console.print(push_table(found))
    failed = [one for one in found if not one.holds]
    for one in failed[:SHOWN]:
        console.print(f"seed {one.seed}: {one}", style="red", markup=False)
    if failed:
        raise typer.Exit(1)


def _prove(console: Console, workers: int | None) -> None:
    found: list[Proof] = []
    with bars(console) as progress:
        passing = progress.add_task("Guards removed")
        for one, of in proofs(workers=workers):
            found.append(one)
            progress.update(passing, total=of, advance=1)
    console.print(proof_table(found))
    if not all(one.noticed for one in found):
        raise typer.Exit(1)


def _figures(found: Sequence[Outcome], seconds: float, workers: int | None) -> dict[str, Any]:
    injected: Counter[str] = Counter()
    for one in found:
        injected.update(one.injected)
    return {
        "seeds": len(found),
        "lists": sum(one.lists for one in found),
        "broken": broken(found),
        "failed": {one.seed: list(one.wrong) for one in found if one.wrong},
        "injected": dict(sorted(injected.items())),
        "seeds_with": dict(sorted(Counter(kind for one in found for kind in one.injected).items())),
        "digests": {one.seed: one.digest for one in found},
        "workers": workers or os.cpu_count(),
        "seconds": round(seconds, 1),
    }
