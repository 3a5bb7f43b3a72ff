"""The index of the architecture decision records.

`.venv/bin/python -m tests.docs.adr_index` writes docs/adr/README.md.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "adr"
PAGE = FOLDER / "README.md"
SECTIONS = ("Context", "Decision", "Consequences")
_RECORD = re.compile(
    r"# (?P<number>\d{4})\. (?P<title>.+)\n\n"
    r"- Status: (?P<status>accepted|superseded by (?P<successor>\d{4}))\n"
    r"- Date: (?P<date>\d{4}-\d\d-\d\d)\n"
    r"- Topic: (?P<topic>[a-z]+)\n"
)
_HEAD = """\
# Architecture decision records

One file for each decision: its context, the decision, and what follows from it, alternatives
included. A decision that replaces another gets a new record; the old one stays and names its
successor. Measured figures are in [figures.md](../figures.md).

To add a record, copy the newest file, give it the next number, and run
`.venv/bin/python -m tests.docs.adr_index`, which writes this index. A test compares the index with
the files.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One decision. `successor` is the number of the record that replaced it, or empty."""

    file: str
    number: str
    title: str
    status: str
    successor: str
    date: str
    topic: str


def parse(path: Path) -> Record:
    """The record in the file. Raises ValueError if its header does not have the fixed form."""
    header = _RECORD.match(path.read_text(encoding="utf-8"))
    if header is None:
        raise ValueError(f"{path.name}: no header of a decision record")
    return Record(
        path.name,
        header["number"],
        header["title"],
        header["status"],
        header["successor"] or "",
        header["date"],
        header["topic"],
    )


def records() -> list[Record]:
    return [parse(path) for path in sorted(FOLDER.glob("[0-9]*.md"))]


def render(found: Sequence[Record]) -> str:
    """The index page, by topic and then by number."""
    topics: dict[str, list[Record]] = defaultdict(list)
    for record in found:
        topics[record.topic].append(record)
    files = {record.number: record.file for record in found}
    lines = [_HEAD]
    for topic in sorted(topics):
        lines += [f"## {topic.capitalize()}\n", "| record | status | date |", "|---|---|---|"]
        for record in topics[topic]:
            status = record.status
            if record.successor:
                status = f"superseded by [{record.successor}]({files[record.successor]})"
            lines.append(
                f"| [{record.number}. {record.title}]({record.file}) | {status} | {record.date} |"
            )
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(render(records()), encoding="utf-8")
