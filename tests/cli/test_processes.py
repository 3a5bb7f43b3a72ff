"""No process outlives its stack."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cli.local_stack.process_group import members
from cli.local_stack.processes import Process, launch, mark, set_date, stop
from cli.local_stack.readiness import finish
from simulator.emulator.process import ROOT
from tests.waiting import eventually

ENVIRONMENT = {"PATH": os.defpath}
SLEEP = "import time; time.sleep(600)"
# Has a child, and both ignore requests to terminate.
STUBBORN = f"""
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import signal; "
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"])
time.sleep(600)
"""
# Starts a supervised process, prints its id, and waits. The tests may run with SIGINT ignored.
HOLDER = f"""
import signal, sys, time
from pathlib import Path
from cli.local_stack.processes import launch
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = Path(sys.argv[1])
process = launch("held", [sys.executable, "-c", {SLEEP!r}], environment={{}}, folder=folder)
print(process.pid, flush=True)
time.sleep(600)
"""


def begin(folder: Path, code: str) -> Process:
    return launch("sleeper", [sys.executable, "-c", code], environment=ENVIRONMENT, folder=folder)


def group(process: Process) -> list[int]:
    return [one.pid for one in members(process.pid)]


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Another process that supervises a child, and the supervisor's id."""
    popen = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with popen:
        assert popen.stdout is not None
        supervisor = int(popen.stdout.readline())
        yield popen, supervisor
        popen.kill()
        for one in members(supervisor):
            one.kill()


def test_stopping_ends_a_process_and_its_children_even_if_they_resist(tmp_path: Path) -> None:
    process = begin(tmp_path, STUBBORN)
    eventually(lambda: len(group(process)) == 3)
    stop([process])
    assert group(process) == []
    assert not process.running


@pytest.mark.parametrize("ignored", [signal.SIGINT, signal.SIGHUP])
def test_a_process_does_not_inherit_ignored_signals(
    tmp_path: Path, ignored: signal.Signals
) -> None:
    inherited = signal.signal(ignored, signal.SIG_IGN)
    try:
        process = begin(tmp_path, f"import signal; print(signal.getsignal({int(ignored)!r}))")
        finish(process)
    finally:
        signal.signal(ignored, inherited)
    assert "IGN" not in Path(process.log).read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_supervisor_ends_its_process(
    tmp_path: Path, ending: signal.Signals
) -> None:
    process = begin(tmp_path, SLEEP)
    eventually(lambda: len(group(process)) == 2)
    os.kill(process.pid, ending)
    eventually(lambda: not group(process))
    stop([process])


def test_a_process_has_the_given_environment_and_the_set_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKETIME", "+0s")
    monkeypatch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "fake")
    process = begin(tmp_path, "import os; print(*sorted(os.environ))")
    finish(process)
    inherited = {*Path(process.log).read_text(encoding="utf-8").split()}
    assert {"FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "PATH"} <= inherited
    assert "SECRET_OF_THE_CALLER" not in inherited


@pytest.mark.parametrize("name", ["LD_PRELOAD", "FAKETIME_SHARED", "PYTHONPATH"])
def test_without_a_set_date_nothing_is_inherited(name: str) -> None:
    assert set_date({name: "fake"}) == {}


def test_stopping_twice_is_no_error(tmp_path: Path) -> None:
    process = begin(tmp_path, SLEEP)
    stop([process])
    stop([process])


def test_processes_left_by_a_finished_command_are_ended(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}])"
    process = begin(tmp_path, code)
    finish(process)
    assert group(process) == []


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_its_holder(
    holder: tuple["subprocess.Popen[str]", int], end: signal.Signals
) -> None:
    popen, supervisor = holder
    eventually(lambda: len(list(members(supervisor))) == 2)
    popen.send_signal(end)
    eventually(lambda: not list(members(supervisor)))


def test_a_detached_process_outlives_its_holder_and_can_be_stopped(
    holder: tuple["subprocess.Popen[str]", int], tmp_path: Path
) -> None:
    popen, supervisor = holder
    started = psutil.Process(supervisor).create_time()
    mark(tmp_path).touch()
    popen.kill()
    popen.wait()
    process = Process("held", supervisor, started, "")
    with pytest.raises(psutil.TimeoutExpired):
        psutil.Process(supervisor).wait(timeout=1)
    assert process.running
    stop([process])
    assert group(process) == []


def test_killing_the_supervisor_also_ends_its_command(tmp_path: Path) -> None:
    process = begin(tmp_path, SLEEP)
    eventually(lambda: len(group(process)) == 2)
    os.kill(process.pid, signal.SIGKILL)
    stop([process])
    assert group(process) == []


def test_another_process_with_the_same_id_is_not_stopped(tmp_path: Path) -> None:
    stranger = begin(tmp_path, SLEEP)
    stop([Process("earlier", stranger.pid, stranger.started - 100, "")])
    assert stranger.running
    stop([stranger])
