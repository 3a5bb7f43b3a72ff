"""A folder holds what changes together, so few files that one look takes them in."""

from collections import Counter

import pytest

from tests.synthesis import ROOT

MOST_FILES = 20
SOURCES = {".py", ".ts", ".js", ".css", ".html"}
NOT_OURS = {"node_modules", "dist", "lib", "__pycache__"}


@pytest.mark.parametrize(
    "root", ["functions", "layers/core", "infra_cdk", "simulator", "cli", "web"]
)
def test_no_folder_holds_more_than_twenty_source_files(root: str) -> None:
    files = Counter(
        str(path.parent.relative_to(ROOT))
        for path in (ROOT / root).rglob("*")
        if path.suffix in SOURCES and NOT_OURS.isdisjoint(path.parts)
    )
    assert files
    assert {folder: count for folder, count in files.items() if count > MOST_FILES} == {}
