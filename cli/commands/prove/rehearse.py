"""`topk rehearse`: deploy a stage of cdk.json to an emulator, change it and remove it."""

import json
from dataclasses import asdict

import typer
from rich.console import Console

from cli.commands.operate.preflight import Stage
from cli.failure import CommandFailedError
from simulator.emulator.process import ROOT

OUT = ROOT / "out" / "rehearsal.json"


def rehearse(stage: Stage = "") -> None:
    """Deploy a stage's AWS templates to an emulator, update them, and remove them from any state.

    Exit code 1 unless every update keeps all data and every removal leaves nothing behind. Writes
    out/rehearsal.json.
    """
    # CDK takes seconds to load.
    from cli.studies.rehearsal.report import removals, updates
    from cli.studies.rehearsal.run import rehearse as rehearsed

    console = Console()
    with console.status("Rehearse") as status:
        found = rehearsed(stage, lambda part: status.update(f"Rehearse: {part}"))
    console.print(updates(found.updates))
    console.print(removals(found.unprotected, "Removed, without protection"))
    console.print(removals(found.protected, "Removed, with the protection of its data"))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    if not found.holds:
        raise CommandFailedError(f"see {OUT}")
    typer.echo(
        f"{len(found.updates)} updates lost nothing; {len(found.unprotected)} removals left "
        f"nothing, and {len(found.protected)} of a protected stage left only its data."
    )
