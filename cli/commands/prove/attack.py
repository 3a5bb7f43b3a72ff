"""`topk attack`: attack the deployed service, and show that every guard is needed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import httpx2
import typer
from rich.console import Console
from rich.table import Table

from cli.choices import Name, Seed
from cli.commands.prove.fuzz import running_stack

if TYPE_CHECKING:
    from cli.studies.attacks.growth import Cost
    from cli.studies.attacks.run import Finding

OUT = Path("out/attack.json")


def attack(
    prove: Annotated[
        bool, typer.Option("--prove", help="Remove each guard in turn: its attack gets through.")
    ] = False,
    in_memory: Annotated[
        bool, typer.Option("--in-memory", help="Attack the functions in this process only.")
    ] = False,
    growth: Annotated[
        bool, typer.Option("--growth", help="Count what an owner's data costs as it grows.")
    ] = False,
    flood: Annotated[
        bool, typer.Option("--flood", help="Flood the share cards of production in virtual time.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    seed: Seed = 7,
    name: Name = "attack",
) -> None:
    """Run every attack of docs/security.md against the deployed service.

    Uses the stack NAME if it is running; otherwise starts one. Attacks that need state of the
    sandbox run in this process. Exit code 1 if an attack is not held, or, with --prove, if one is
    held without its guard. Writes out/attack.json.
    """
    # All functions take a second to load, which no other command should wait for.
    from cli.studies.attacks.catalogue import ATTACKS
    from cli.studies.attacks.flood import USUAL, floods
    from cli.studies.attacks.growth import costs
    from cli.studies.attacks.run import in_memory as attacked
    from cli.studies.attacks.run import proof, run
    from cli.studies.attacks.targets import DeployedTarget

    console = Console(stderr=as_json)
    if growth:
        found = costs()
        _tell(as_json, [_cost(one) for one in found], _growth_table(found), console)
        if not all(one.grows_slowly for one in found):
            raise typer.Exit(1)
        return
    if flood:
        outcomes = floods()
        _tell(as_json, outcomes, _flood_table(outcomes), console)
        if any(outcomes["with reserved concurrency"][one.name] for one in USUAL):
            raise typer.Exit(1)
        return
    if prove:
        findings = [proof(one) for one in ATTACKS]
    elif in_memory:
        findings = [attacked(one) for one in ATTACKS]
    else:
        local = [attacked(one) for one in ATTACKS if not one.deployed]
        with (
            running_stack(name, seed, console) as stack,
            httpx2.Client(timeout=30, trust_env=False) as http,
        ):
            remote = run((one for one in ATTACKS if one.deployed), DeployedTarget(stack, http))
            findings = [*remote, *local]
    rows = [_row(one, prove) for one in findings]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    _tell(as_json, rows, _table(findings, prove), console)
    wrong = [one for one in findings if one.held == prove]
    console.print(f"{len(findings) - len(wrong)} of {len(findings)} as expected. {OUT}")
    if wrong:
        raise typer.Exit(1)


def _row(finding: "Finding", prove: bool) -> dict[str, object]:
    return {
        "attack": finding.attack.name,
        "attempted": finding.attack.attempted,
        "expected": finding.attack.expected,
        "guard": finding.attack.guard.name,
        "guard_removed": prove,
        "held": finding.held,
        "through": finding.through,
    }


def _table(findings: Sequence["Finding"], prove: bool) -> Table:
    table = Table("attack", "guard removed" if prove else "guard", "result")
    for one in findings:
        good = one.held != prove
        result = one.attack.expected if one.held else one.through
        table.add_row(
            one.attack.name,
            one.attack.guard.name,
            result if good else f"[red]{result or 'held'}[/]",
        )
    return table


def _flood_table(outcomes: Mapping[str, Mapping[str, int]]) -> Table:
    table = Table("calls without room in a minute", *outcomes)
    for name in next(iter(outcomes.values())):
        table.add_row(name, *(f"{found[name]:,}" for found in outcomes.values()))
    return table


def _cost(cost: "Cost") -> dict[str, object]:
    return {"brought": cost.brought, "calls": cost.calls, "within_n_log_n": cost.grows_slowly}


def _growth_table(found: Sequence["Cost"]) -> Table:
    table = Table("what an owner brings", *(f"{size:,}" for size in found[0].sizes), "n log n")
    for one in found:
        calls = (f"{count:,}" for count in one.calls)
        table.add_row(one.brought, *calls, "within" if one.grows_slowly else "[red]above[/]")
    return table


def _tell(as_json: bool, rows: object, table: Table, console: Console) -> None:
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    else:
        console.print(table)
