"""`topk tenancy`: what a thousand tenants cost, and that a busy one harms no other."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.choices import RunningName, Seed
from cli.failure import CommandFailedError
from cli.local_stack.chosen_stack import chosen_stack
from cli.progress import shown

OUT = Path("out/tenancy.json")


def tenancy(
    tenants: Annotated[int, typer.Option(min=60, max=10_000, help="Number of tenants.")] = 1000,
    deployed: Annotated[
        bool, typer.Option("--deployed", help="Add them to the running local stack, and call it.")
    ] = False,
    name: RunningName = None,
    seed: Seed = 7,
) -> None:
    """Let one tenant of many call a hundred times as often as usual; measure what a process keeps.

    Runs the read function in virtual time, on AWS in memory with its latencies. With --deployed:
    adds the tenants to the local stack, in which they stay, tries their tokens on each other's
    APIs, and floods one. Exit code 1 if a tenant reaches or slows another.
    """
    if deployed:
        _on_the_emulator(tenants, name, seed)
    else:
        _in_memory(tenants, seed)


def _in_memory(tenants: int, seed: int) -> None:
    # All functions take a second to load, which no other command should wait for.
    from cli.studies.tenancy.busy import LIMIT, TIMES, run
    from cli.studies.tenancy.costs import costs, same
    from cli.studies.tenancy.memory import is_bounded, kept
    from cli.studies.tenancy.report import (
        LIMITED,
        UNLIMITED,
        USUAL,
        busy_table,
        costs_table,
        faults_of_busy,
        memory_table,
    )

    cases = {USUAL: (1, LIMIT), LIMITED: (TIMES, LIMIT), UNLIMITED: (TIMES, 0)}
    memory, each = "memory of a process", "cost of crawls and reads"
    runs = {}
    # What the functions print is caught meanwhile, so that the bar has to go elsewhere.
    with shown([*cases, each, memory], Console(stderr=True)) as begin:
        for case, (times, limit) in cases.items():
            begin(case)
            runs[case] = asdict(run(times=times, limit=limit, tenants=tenants, seed=seed))
        begin(each)
        paid = costs(tenants, seed=seed)
        begin(memory)
        found = kept()
    processes, spent = [asdict(one) for one in found], [asdict(one) for one in paid]
    console = Console()
    console.print(busy_table(runs))
    console.print(costs_table(spent))
    console.print(memory_table(processes))
    _write({"busy": runs, "costs": spent, "memory": processes}, console)
    faults = list(faults_of_busy(runs))
    if not same(paid):
        faults.append("a crawl or a read costs more with many tenants")
    if not is_bounded(found):
        faults.append("the memory of a process grows with its tenants")
    _end(faults)


def _on_the_emulator(tenants: int, name: str | None, seed: int) -> None:
    from cli.studies.tenancy.deployed import STEPS, run
    from cli.studies.tenancy.report import deployed_table, faults_of_deployed

    stack = chosen_stack(name)
    with shown(STEPS, Console(stderr=True)) as begin:
        found = asdict(run(stack, tenants=tenants, seed=seed, on_step=begin))
    told = json.loads(json.dumps(found))
    console = Console()
    console.print(deployed_table(told))
    _write({"deployed": told}, console)
    _end(faults_of_deployed(told))


def _write(figures: Mapping[str, Any], console: Console) -> None:
    """Beside what the other kind of run found."""
    kept = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({**kept, **figures}, indent=2) + "\n", encoding="utf-8")
    console.print(f"Written: {OUT}")


def _end(faults: Iterable[str]) -> None:
    if found := list(faults):
        raise CommandFailedError("; ".join(found))
