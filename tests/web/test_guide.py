"""docs/integration.md names everything that a host can use, and nothing else."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
SOURCES = "\n".join(
    file.read_text(encoding="utf-8") for file in sorted((ROOT / "web" / "src").rglob("*.ts"))
)
WIDGET = (ROOT / "web" / "src" / "widget" / "top-songs.ts").read_text(encoding="utf-8")


def test_every_part_is_named() -> None:
    given = {part for parts in re.findall(r'part="([^"]+)"', SOURCES) for part in parts.split()}
    movements = {f"movement-{way}" for way in ("new", "up", "down")}
    [told] = re.findall(r"^Parts: (.*?)\n\n", GUIDE, re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", told)) == given - {"movement-${direction}"} | movements


def test_every_custom_property_is_named() -> None:
    [table] = re.findall(r"\| custom property .*?\n\n", GUIDE, re.DOTALL)
    told = set(re.findall(r"`(-{1,2}[a-z-]+)`", table))
    full = {one if one.startswith("--") else f"--top-songs{one}" for one in told}
    assert full == set(re.findall(r"--top-songs-[a-z-]+", SOURCES))


def test_every_event_is_named() -> None:
    sent = set(re.findall(r'(?:send|CustomEvent)\("(top-songs-[a-z]+)"', SOURCES))
    assert set(re.findall(r"^\| `(top-songs-[a-z]+)` \|", GUIDE, re.MULTILINE)) == sent


def test_every_property_of_the_widget_is_named() -> None:
    [block] = re.findall(r"static override properties = \{(.*?)\n  \};", WIDGET, re.DOTALL)
    [table] = re.findall(r"\| attribute \| property .*?\n\n", GUIDE, re.DOTALL)
    given = set(re.findall(r"^    (\w+):", block, re.MULTILINE))
    assert given <= set(re.findall(r"`(\w+)`", table))


@pytest.mark.parametrize(
    "document", ["README.md", "docs/integration.md", "docs/screenshots/README.md"]
)
def test_every_referenced_image_exists(document: str) -> None:
    assert {path for path in pictures(ROOT / document) if not path.is_file()} == set()


def test_every_screenshot_is_shown() -> None:
    folder = ROOT / "docs" / "screenshots"
    assert set(folder.glob("*.png")) == pictures(folder / "README.md")


def pictures(document: Path) -> set[Path]:
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", document.read_text(encoding="utf-8"))
    return {(document.parent / path).resolve() for path in shown}
