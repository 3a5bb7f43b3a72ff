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

OUT, DEPLOYED = Path("out/tenancy.json"), Path("out/tenancy-deployed.json")


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
    from cli.studies.tenancy import report
    from cli.studies.tenancy.busy import TIMES, run
    from cli.studies.tenancy.costs import costs, same
    from cli.studies.tenancy.memory import is_bounded, kept
    from cli.studies.tenancy.report import LIMIT, LIMITED, UNLIMITED, USUAL

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
    console.print(report.table(report.BUSY_TITLE, report.BUSY_COLUMNS, report.busy_rows(runs)))
    console.print(report.table(report.COSTS_TITLE, report.COSTS_COLUMNS, report.costs_rows(spent)))
    console.print(
        report.table(report.MEMORY_TITLE, report.MEMORY_COLUMNS, report.memory_rows(processes))
    )
    _write(OUT, {"busy": runs, "costs": spent, "memory": processes}, console)
    faults = list(report.faults_of_busy(runs))
    if not same(paid):
        faults.append("a crawl or a read costs more with many tenants")
    if not is_bounded(found):
        faults.append("the memory of a process grows with its tenants")
    _end(faults)


def _on_the_emulator(tenants: int, name: str | None, seed: int) -> None:
    from cli.studies.tenancy import report
    from cli.studies.tenancy.deployed import STEPS, run

    stack = chosen_stack(name)
    with shown(STEPS, Console(stderr=True)) as begin:
        found = asdict(run(stack, tenants=tenants, seed=seed, on_step=begin))
    told = json.loads(json.dumps(found))
    console = Console()
    rows = report.deployed_rows(told)
    console.print(report.table(report.DEPLOYED_TITLE, report.DEPLOYED_COLUMNS, rows))
    _write(DEPLOYED, told, console)
    _end(report.faults_of_deployed(told))


def _write(path: Path, figures: Mapping[str, Any], console: Console) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    console.print(f"Written: {path}")


def _end(faults: Iterable[str]) -> None:
    if found := list(faults):
        raise CommandFailedError("; ".join(found))
