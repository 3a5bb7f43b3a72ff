"""What `make setup` says where something is missing: one line, before anything is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from simulator.emulator.process import ROOT

NEEDED = ("sh", "dirname", "mkdir", "date")
NEWER = "exit 0"
NEW_NODE = "echo v22.1.0"


class Machine:
    """A machine whose PATH holds nothing but a shell's needs and what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bin"
        self.path.mkdir()
        for name in NEEDED:
            (self.path / name).symlink_to(str(shutil.which(name)))
        self.checkout = folder / "a checkout"
        script = self.checkout / "requirements" / "setup.sh"
        script.parent.mkdir(parents=True)
        shutil.copy(ROOT / "requirements" / "setup.sh", script)

    def has(self, **commands: str) -> None:
        """Put each command there, as the shell code that it runs."""
        for name, code in commands.items():
            command = self.path / name.replace("_", ".")
            command.write_text(f"#!/bin/sh\n{code}\n")
            command.chmod(0o755)

    def install(self, what: str) -> str:
        """The one line that the failing installation of `what` ends with."""
        done = subprocess.run(
            ["sh", self.checkout / "requirements" / "setup.sh", what],
            env={"PATH": str(self.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        [line] = done.stderr.splitlines()
        return line


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_missing_node_is_named(machine: Machine) -> None:
    machine.has(python3=NEWER)
    assert machine.install("python") == "setup: Node.js 20.19 or newer is needed; no node found"


@pytest.mark.parametrize("version", ["v20.18.3", "v18.20.4", "v9.0.0"])
def test_an_old_node_is_named_with_its_version(machine: Machine, version: str) -> None:
    machine.has(python3=NEWER, node=f"echo {version}", npm=NEWER)
    assert machine.install("python") == f"setup: Node.js 20.19 or newer is needed; found {version}"


def test_a_node_that_does_not_run_is_named(machine: Machine) -> None:
    machine.has(python3=NEWER, node="exit 127")
    expected = "setup: Node.js 20.19 or newer is needed; node --version says unknown"
    assert machine.install("node") == expected


def test_a_missing_npm_is_named(machine: Machine) -> None:
    machine.has(python3=NEWER, node=NEW_NODE)
    expected = "setup: npm, which comes with Node.js, is needed; none found"
    assert machine.install("node") == expected


@pytest.mark.parametrize("python", [{}, {"python3": "exit 1"}])
def test_a_missing_or_old_python_is_named(machine: Machine, python: dict[str, str]) -> None:
    machine.has(node=NEW_NODE, npm=NEWER, **python)
    assert machine.install("python").startswith("setup: Python 3.11 or newer is needed; none found")


def test_an_old_python3_is_passed_over_for_a_newer_one(machine: Machine) -> None:
    only_the_version_is_right = 'case "$2" in *ensurepip*) exit 1 ;; esac'
    machine.has(node=NEW_NODE, npm=NEWER, python3="exit 1", python3_12=only_the_version_is_right)
    expected = "setup: python3.12 has no venv and ensurepip"
    assert machine.install("python").startswith(expected)


def test_a_failing_step_names_its_log(machine: Machine) -> None:
    machine.has(node=NEW_NODE, npm=NEWER, python3='[ "$1" = -c ] || { echo no space; exit 1; }')
    expected = "setup: 'python3 -m venv --clear .venv' failed; see .topk/setup.log"
    assert machine.install("python") == expected
    assert (machine.checkout / ".topk" / "setup.log").read_text() == "no space\n"
