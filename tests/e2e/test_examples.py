"""The commands of docs/integration.md lead from an empty folder to a list that a follower sees."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cli import tools
from cli.local_stack.ports import free_ports
from tests.browser.embedding import violations

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

ROOT = Path(__file__).parents[2]
MOST_COMMANDS = 10
SECONDS = 900
NAME = "guide"
STACK = ("topk up", "topk tenant add")
"""Commands that a test gives a stack of its own, beside one that may be running."""


def commands() -> list[str]:
    """Those of the first block of the guide."""
    guide = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
    _, section = guide.split("## From an empty folder to a list\n")
    return section.split("```bash\n")[1].split("```")[0].splitlines()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """The address of the host after all commands."""
    world, emulator, port = _ports()
    script = "\n".join(commands())
    for used, free in (("8700", world), ("8701", emulator), ("3000", port)):
        script = script.replace(used, str(free))
    for command in STACK:
        script = script.replace(command, f"{command} --name {NAME}")
    # The example's own address stands in a file as well.
    first, _, others = script.partition("\n")
    script = f"{first}\nsed -i s/3000/{port}/ host-python/reef.json\n{others}\n"
    environment = tools.environment(os.environ) | {"TOPK": str(ROOT)}
    shell = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", f"{script}echo done; wait"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert shell.stdout is not None
    try:
        said = []
        for line in shell.stdout:
            said.append(line)
            if line == "done\n":
                break
        assert said[-1:] == ["done\n"], "".join(said)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(shell.pid, signal.SIGTERM)
        shell.wait()
        shell.stdout.close()
        down = ["topk", "down", "--name", NAME]
        subprocess.run(down, env=environment, check=False, timeout=SECONDS)


def _ports() -> tuple[int, int, int]:
    """Two neighbours for the stack, and one for the host."""
    while True:
        world, port = free_ports(2)
        if world + 1 != port:
            return world, world + 1, port


def test_the_guides_commands_show_a_list_to_a_follower(host: str, page: Page) -> None:
    assert len(commands()) <= MOST_COMMANDS
    page.goto(f"{host}/sign-in?user=ada")
    theirs = page.locator("top-songs", has=page.get_by_role("heading", name="Ben Okafor"))
    expect(theirs.get_by_text("This list is not available.")).to_be_visible()
    page.get_by_role("button", name="Follow Ben Okafor").click()
    expect(theirs.locator("[part=title] bdi")).to_have_text(
        ["Paper Lanterns", "Salt and Static", "Slow Comet"]
    )
    assert violations(page) == []
