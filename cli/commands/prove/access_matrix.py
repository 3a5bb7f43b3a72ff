"""`topk access-matrix`: check every combination of viewer, owner and visibility."""

from pathlib import Path

import typer
from rich.console import Console
from rich.progress import track

from cli.studies.access.report import page, write
from cli.studies.access.specification import (
    ENDPOINTS,
    FOLLOWS,
    RELATIONS,
    TOKENS,
    VISIBILITIES,
)

OUT, PAGE = Path("out/access.json"), Path("docs/access.md")


def access_matrix() -> None:
    """Check every cell of the access matrix against the functions, in process.

    Exit code 1 unless every cell matches the specification. Writes out/access.json and
    docs/access.md.
    """
    # moto and all functions take a second to load, which no other command should wait for.
    from cli.sandbox.deployment import sandbox
    from cli.studies.access.inprocess import CAST, Sandbox, observed
    from cli.studies.access.timing import measured

    total = len(FOLLOWS) * len(VISIBILITIES) * len(RELATIONS) * len(ENDPOINTS) * len(TOKENS)
    console = Console()
    cells = list(track(observed(), "Cells", total=total, console=console))
    with sandbox():
        timing = measured(Sandbox(), CAST)
    write(cells, timing, OUT)
    PAGE.write_text(page(cells), encoding="utf-8")
    console.print(
        f"404 takes {timing['may_not_see_median_ms']} ms of CPU for a hidden list, "
        f"{timing['does_not_exist_median_ms']} ms for an unknown user (medians; half of the latter "
        f"between {' and '.join(map(str, timing['does_not_exist_quartiles_ms']))})."
    )
    wrong = [cell for cell in cells if not cell.holds]
    for cell in wrong:
        console.print(f"[red]{cell}: specified is {cell.specified}[/red]")
    console.print(
        f"{len(cells) - len(wrong)} of {len(cells)} cells match the specification. {OUT}, {PAGE}"
    )
    if wrong:
        raise typer.Exit(1)
