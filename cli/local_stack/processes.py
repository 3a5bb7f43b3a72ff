"""Start and stop the processes of a local stack."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from cli.local_stack.process_group import members
from simulator.emulator.process import ROOT

STOP_SECONDS = 10.0
_SUPERVISOR = (sys.executable, "-m", "cli.local_stack.child_supervisor")
LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Process:
    """A supervised command: `pid` is that of its supervisor and group, `started` in epoch
    seconds.
    """

    name: str
    pid: int
    started: float
    log: str
    popen: "subprocess.Popen[bytes] | None" = field(default=None, compare=False, repr=False)

    @property
    def running(self) -> bool:
        """Whether the supervisor is running. A later process with the same id does not count."""
        try:
            process = psutil.Process(self.pid)
            alive = process.status() != psutil.STATUS_ZOMBIE
            return alive and abs(process.create_time() - self.started) < 1
        except psutil.NoSuchProcess:
            return False

    def left(self) -> list[psutil.Process]:
        """The living processes of the group. A group with another leader is not ours."""
        if psutil.pid_exists(self.pid) and not self.running and self._leader_is_a_stranger():
            return []
        return list(members(self.pid))

    def _leader_is_a_stranger(self) -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):
            return abs(psutil.Process(self.pid).create_time() - self.started) >= 1
        return False


def set_date(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of `environment` by which libfaketime gives processes another date."""
    if "FAKETIME" not in environment:
        return {}
    return {
        name: value
        for name, value in environment.items()
        if name == "LD_PRELOAD" or name.startswith("FAKETIME")
    }


def launch(
    name: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
) -> Process:
    """Start `command` supervised by this process; it logs to `folder`/`name`.log.

    It gets `environment` and nothing of this process's, except a date set by libfaketime.
    """
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        popen = subprocess.Popen(  # noqa: S603 - commands of this package
            [
                sys.executable,
                "-m",
                "cli.local_stack.child_supervisor",
                str(os.getpid()),
                str(mark(folder)),
                *command,
            ],
            cwd=ROOT,
            env={**environment, **set_date(os.environ)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Process(name, popen.pid, psutil.Process(popen.pid).create_time(), str(log), popen)


def mark(folder: Path) -> Path:
    """While this file exists, the processes of `folder` may outlive the process that started
    them.
    """
    return folder / "detached"


def stop(processes: Iterable[Process]) -> None:
    """Terminate all, wait, and kill what is left. Processes that have already ended are ignored."""
    processes = list(processes)
    for process in processes:
        if process.running:
            psutil.Process(process.pid).terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while any(process.running for process in processes) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_SECONDS)
    # A leash ends last of its group, unless it was killed itself.
    left = [one for process in processes for one in process.left()]
    for one in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(left, timeout=STOP_SECONDS)
    for process in processes:
        if process.popen is not None:
            process.popen.wait()
