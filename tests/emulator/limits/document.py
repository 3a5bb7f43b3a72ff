"""docs/emulator-limits.md, from the list of limits.

`.venv/bin/python -m tests.emulator.limits.document` updates it.
"""

from itertools import groupby

from cli import tools
from simulator.emulator.limits.stub_resources import STUBS
from simulator.emulator.limits.table import LIMITS, Limit
from tests.synthesis import ROOT

PLACE = ROOT / "docs" / "emulator-limits.md"
_HEAD = """\
# AWS's limits on the emulator

Which limits of AWS the local stack keeps: by itself, by a fix of ours in
`simulator/emulator/limits`, or not, with the reason. The emulator applies the fixes that
`simulator/emulator/limits/table.py` names, and `tests/emulator/limits` has a test for each limit
that is kept, with the error that AWS documents. A test compares this page with the list.
"""
_STUBS = """
## Stub resources

A stub keeps its name and its properties in its stack and does nothing else: no budget is watched,
no release shifted, no capacity scaled. What these resources do can be seen only on AWS.
"""


def document() -> str:
    parts = [_HEAD]
    for service, of_service in groupby(LIMITS, key=lambda one: one.service):
        limits = [*of_service]
        source = limits[0].source
        parts.append(f"\n## {service}\n\n[Source]({source})\n")
        parts.append("\n| limit | value | kept by |\n|---|---|---|\n")
        parts += [_row(one, source) for one in limits]
    parts += [_STUBS, "\n", *(f"- `{kind}`\n" for kind in STUBS)]
    return "".join(parts)


def _row(limit: Limit, source: str) -> str:
    what = limit.what if limit.source == source else f"[{limit.what}]({limit.source})"
    return f"| {what} | `{limit.value}` | {_keeper(limit)} |\n"


def _keeper(limit: Limit) -> str:
    if limit.fix:
        module = limit.fix.__module__.rpartition(".")[2]
        return f"`{module}.{limit.fix.__name__}`"
    return f"not modelled: {limit.why_not}" if limit.why_not else "the emulator itself"


if __name__ == "__main__":
    tools.use()
    PLACE.write_text(document(), encoding="utf-8")
