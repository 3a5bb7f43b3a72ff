"""Every alarm has a runbook, and runbooks name commands that exist."""

import re
from pathlib import Path

import pytest
import typer

from cli.main import app
from tests.infra.templates import objectives, properties, stateless
from tests.synthesis import ROOT

FOLDER = ROOT / "docs" / "runbooks"
# The recovery runbook belongs to no single alarm.
PAGES = sorted(page for page in FOLDER.glob("*.md") if page.name != "recovery.md")
SECTIONS = ["Meaning", "Effect", "Look at", "Do", "Verify"]
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
TARGETS = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def _named() -> dict[str, str]:
    """Alarm that notifies somebody -> the runbook in its description."""
    notifying = {
        name: alarm
        for stack in (stateless("aws"), objectives())
        for kind in ("Alarm", "CompositeAlarm")
        for name, alarm in properties(stack, f"CloudWatch::{kind}").items()
    }
    found = {}
    for name, alarm in notifying.items():
        if alarm.get("AlarmActions"):
            _, _, page = alarm["AlarmDescription"].partition(". Runbook: docs/runbooks/")
            found[name] = page
    return found


def test_every_alarm_names_an_existing_runbook() -> None:
    assert len(_named()) > 30
    there = {page.name for page in PAGES}
    assert {name: page for name, page in _named().items() if page not in there} == {}


def test_every_runbook_belongs_to_an_existing_alarm() -> None:
    assert {page.name for page in PAGES} == set(_named().values())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_has_all_sections_and_none_is_empty(page: Path) -> None:
    parts = re.split(r"^## (.*)\n", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert parts[1::2] == SECTIONS
    assert all(len(text.strip()) > len("Nothing.") for text in parts[2::2])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_names_commands_and_files_that_exist(page: Path) -> None:
    text = " ".join(page.read_text(encoding="utf-8").split())
    commands = set(re.findall(r"`topk ([a-z-]+)", text))
    assert commands
    assert commands <= COMMANDS
    assert set(re.findall(r"`make ([a-z]+)", text)) <= set(TARGETS)
    for fixture in re.findall(r"events/[a-z_]+/[a-z_]+\.json", text):
        assert (ROOT / fixture).is_file()
    for linked in re.findall(r"\]\(([^)#]+)\)", text):
        assert (page.parent / linked).is_file(), linked
