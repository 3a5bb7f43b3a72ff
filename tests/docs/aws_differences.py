"""The list of where moto, the emulator and AWS in memory differ from AWS.

`.venv/bin/python -m tests.docs.aws_differences` writes docs/aws-differences.md. Rows of moto and of
AWS in memory come from tests/simulator/aws/differences.py, those of the emulator from the
docstrings of its fixes.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.simulator.aws.differences import IN_MEMORY, MOTO, Difference

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "aws-differences.md"
FIXES = ROOT / "simulator" / "emulator"
HOUSEKEEPING = frozenset({"layers.forget_unused"})
"""Calls beside the fixes that follow no fault."""
_FAULT = "Fault: "
_HEAD = """\
# Where our stand-ins differ from AWS

Nothing here has run on a real account. `.venv/bin/python -m tests.docs.aws_differences` writes this
page; tests compare it with the code.
"""


def fixes() -> Iterator[tuple[str, str]]:
    """Each fix that the emulator starts with, and the fault that its docstring or that of its
    module describes; empty if neither does.
    """
    for function in _functions(FIXES / "__main__.py"):
        if function.name == "apply_fixes":
            for statement in function.body:
                module, _, name = ast.unparse(statement).partition("(")[0].partition(".")
                yield f"{module}.{name}", _fault(module, name)


def page() -> str:
    moto = _rows(MOTO)
    in_memory = _rows(IN_MEMORY)
    emulator = [f"| `{name}` | {fault} |" for name, fault in fixes() if name not in HOUSEKEEPING]
    return "\n".join(
        [
            _HEAD,
            "## moto",
            "",
            "`topk replay` and tests of single functions use it. Where it differs, AWS in memory",
            "is like AWS. `tests/simulator/aws/test_differences.py` shows each case.",
            "",
            "| case | AWS | moto |",
            "|---|---|---|",
            *moto,
            "",
            "## AWS in memory",
            "",
            "Fault runs, accuracy, cost and benchmarks use it (`simulator/aws`).",
            "",
            "| case | AWS | in memory |",
            "|---|---|---|",
            *in_memory,
            "",
            "## The emulator",
            "",
            "The local stack and the end-to-end tests use it. Each fault is corrected by a fix in",
            "`simulator/emulator`, which a contract test in `tests/emulator` covers.",
            "",
            "| fix | fault of the emulator |",
            "|---|---|",
            *emulator,
            "",
        ]
    )


def _rows(differences: Iterable[Difference]) -> list[str]:
    return [f"| {one.case} | {one.aws} | {one.other} |" for one in differences]


def _fault(module: str, function: str) -> str:
    path = FIXES / f"{module}.py"
    [found] = [one for one in _functions(path) if one.name == function]
    texts = (ast.get_docstring(found), ast.get_docstring(ast.parse(path.read_text("utf-8"))))
    for text in texts:
        if text and _FAULT in text:
            paragraph = text.partition(_FAULT)[2].partition("\n\n")[0]
            sentences = " ".join(line for line in paragraph.splitlines() if "://" not in line)
            return sentences[0].upper() + sentences[1:]
    return ""


def _functions(path: Path) -> list[ast.FunctionDef]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return [one for one in body if isinstance(one, ast.FunctionDef)]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
