"""Files, links and commands that documents name exist."""

import re
from pathlib import Path

import pytest
import typer

from cli.main import app
from tests.synthesis import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# `topk/...` and `usecases/...` are paths within the shared package.
ROOTS = (ROOT, ROOT / "layers/core/python", ROOT / "layers/core/python/topk")
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
# Written by commands, or names with a part to fill in.
_NOT_FILES = re.compile(r"^(?:out|\.topk)/|[<{*]")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    files = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|json|md|csv|ts|sh|toml))`", text)
    for file in files:
        if not _NOT_FILES.search(file):
            assert any((root / file).exists() for root in ROOTS), file
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), target
    assert set(re.findall(r"`topk ([a-z][a-z-]*)", text)) <= COMMANDS
