"""`topk figures`: record the results of measuring commands, and write them into documents."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.failure import CommandFailedError
from cli.studies.figures.pages import FigureError, filled, measured, page, read, to_json
from cli.studies.figures.tables import SOURCES

ROOT = Path(__file__).parents[3]
OUT = Path("out")


def figures(
    out: Annotated[
        Path, typer.Option(file_okay=False, help="Folder of the measuring commands' JSON files.")
    ] = OUT,
) -> None:
    """Write docs/figures.md and the figures in other documents from the JSON files in out/.

    Keeps the recorded figures of commands without a file there. Writes docs/figures.json too.
    """
    docs = ROOT / "docs"
    try:
        before = read(docs / "figures.json")
        fresh = {source.command: measured(source, out) for source in SOURCES}
        known = {
            source.command: fresh[source.command] or before.get(source.command)
            for source in SOURCES
        }
        recorded = {command: one for command, one in known.items() if one is not None}
        texts = {
            path: filled(path.read_text(encoding="utf-8"), recorded)
            for path in (ROOT / "README.md", *sorted(docs.rglob("*.md")))
        }
    except FigureError as error:
        raise CommandFailedError(str(error)) from error
    texts |= {docs / "figures.json": to_json(recorded), docs / "figures.md": page(recorded)}
    for path, text in texts.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    table = Table("command", "measured", "in this run")
    for source in SOURCES:
        day = recorded[source.command].measured if source.command in recorded else "never"
        table.add_row(source.command, day, "yes" if fresh[source.command] else "no")
    Console().print(table)
