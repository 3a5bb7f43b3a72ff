"""The table of attacks in docs/security.md: `python -m cli.studies.attacks.document`."""

import re
from pathlib import Path

from cli.studies.attacks.catalogue import ATTACKS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "security.md"
_BEGIN, _END = "<!-- attacks -->\n", "<!-- /attacks -->\n"


def table() -> str:
    head = "| attack | what is attempted | expected | guard |\n|---|---|---|---|\n"
    rows = (
        f"| `{one.name}` | {one.attempted} | {one.expected} | {one.guard.name} |\n"
        for one in ATTACKS
    )
    return f"{head}{''.join(rows)}"


def written(text: str) -> str:
    """`text` with the table of today."""
    found = re.compile(re.escape(_BEGIN) + ".*?" + re.escape(_END), re.DOTALL)
    return found.sub(lambda _: f"{_BEGIN}\n{table()}\n{_END}", text)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
