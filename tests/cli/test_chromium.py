"""The browser that is used, with its libraries and fonts."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from cli import chromium
from cli.failure import CommandFailedError


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the packaged browser; PATH is empty."""
    monkeypatch.setattr(chromium, "PACKAGED", tmp_path)
    monkeypatch.setattr(chromium, "MAC_APPLICATIONS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    return tmp_path / "chromium"


@pytest.fixture
def system(packaged: Path, tmp_path: Path) -> Path:
    """A system browser."""
    browser = tmp_path / "bin" / "google-chrome"
    browser.parent.mkdir()
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    return browser


def test_the_packaged_browser_comes_before_the_systems(packaged: Path, system: Path) -> None:
    packaged.touch()
    assert chromium.executable() == str(packaged)
    libraries = packaged.parent / "al2023" / "lib"
    assert chromium.environment()["LD_LIBRARY_PATH"] == str(libraries)


def test_the_systems_browser_keeps_its_own_libraries(system: Path) -> None:
    assert chromium.executable() == str(system)
    assert "LD_LIBRARY_PATH" not in chromium.environment()


def test_a_missing_browser_gives_instructions(packaged: Path) -> None:
    with pytest.raises(CommandFailedError, match=r"^no browser: .*apt-get install chromium"):
        chromium.executable()


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Žižek, Ελλάδα, Привет", "Noto Sans"),
        ("かな", "Noto Sans JP Medium"),
        ("한국어", "Noto Sans KR Medium"),
        ("العربية", "Noto Sans Arabic Medium"),
        ("हिन्दी", "Noto Sans Devanagari Medium"),
        ("עברית", "Noto Sans Hebrew Medium"),
        ("ไทย", "Noto Sans Thai Medium"),
        ("🎵", "Noto Emoji Medium"),
    ],
)
def test_each_script_is_drawn_with_the_projects_own_font(
    page: Page, text: str, family: str
) -> None:
    page.set_content(f"<p>{text}</p>")
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    paragraph = tools.send("DOM.querySelector", {"nodeId": root, "selector": "p"})
    used = tools.send("CSS.getPlatformFontsForNode", {"nodeId": paragraph["nodeId"]})
    assert {font["familyName"] for font in used["fonts"]} == {family}
