"""docs/figures.json, docs/figures.md, and the blocks of other documents that repeat its tables.

A document repeats a table between two comments, and the command fills in what lies between:

    <!-- figures: dollars -->
    <!-- /figures -->
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cli.studies.figures.tables import Source, Table

_BLOCK = re.compile(
    r"(?P<start><!-- figures: (?P<name>[a-z-]+) -->\n).*?(?P<end><!-- /figures -->)", re.DOTALL
)
_HEAD = """\
# Figures

Written by `topk figures` from the JSON files that the commands below write to `out/`. The page
shows the last recorded run of each command. CPU times depend on the machine; everything else
depends on the code and the seed alone.
"""


class FigureError(Exception):
    """A file of out/ or docs/figures.json does not have the expected content."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The tables of one run of one command. `measured` is its day in UTC."""

    command: str
    measured: str
    tables: Sequence[Table]


def measured(source: Source, out: Path) -> Recorded | None:
    """What the command left in the folder `out`; None if it did not run there.

    Raises FigureError if the file was written by another version of the command.
    """
    path = out / source.file
    if not path.is_file():
        return None
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Recorded(source.command, day, source.tables(found))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FigureError(f"{path}: not as {source.command} writes it ({error!r})") from error


def read(path: Path) -> dict[str, Recorded]:
    """Command -> its recorded tables, from docs/figures.json."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {
            command: Recorded(
                command, one["measured"], tuple(Table(**table) for table in one["tables"])
            )
            for command, one in found.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FigureError(f"{path}: not a record of figures ({error!r})") from error


def to_json(recorded: Mapping[str, Recorded]) -> str:
    """What `read` reads."""
    found = {
        one.command: {"measured": one.measured, "tables": [asdict(table) for table in one.tables]}
        for one in recorded.values()
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def page(recorded: Mapping[str, Recorded]) -> str:
    """docs/figures.md."""
    parts = [_HEAD]
    for one in recorded.values():
        parts += [
            f"## `{one.command}`, {one.measured}\n",
            *(f"### {table.title}\n\n{_markdown(table)}" for table in one.tables),
        ]
    return "\n".join(parts)


def filled(text: str, recorded: Mapping[str, Recorded]) -> str:
    """The document with each of its blocks filled. Raises FigureError for an unknown name."""
    blocks = dict(_blocks(recorded))

    def fill(block: re.Match[str]) -> str:
        if block["name"] not in blocks:
            raise FigureError(f"no figures named {block['name']}")
        return f"{block['start']}{blocks[block['name']]}{block['end']}"

    return _BLOCK.sub(fill, text)


def without_blocks(text: str) -> str:
    """The document's own words."""
    return _BLOCK.sub("", text)


def _blocks(recorded: Mapping[str, Recorded]) -> Iterator[tuple[str, str]]:
    for one in recorded.values():
        for table in one.tables:
            yield table.name, f"\n{_markdown(table)}\nFrom `{one.command}`, {one.measured}.\n\n"


def _markdown(table: Table) -> str:
    lines = [
        f"| {' | '.join(table.columns)} |",
        f"|{'---|' * len(table.columns)}",
        *(f"| {' | '.join(row)} |" for row in table.rows),
    ]
    return "\n".join(lines) + (f"\n\n{table.note}" if table.note else "") + "\n"
