"""Supervise a command, so that it never outlives the process that started it.

`python -m cli.local_stack.child_supervisor HOLDER MARK COMMAND...`, started as the leader of a
process group of its own.
On SIGTERM, SIGINT or SIGHUP, or when the process HOLDER is gone and the file MARK does not exist,
the command is asked to end, and a few seconds later whatever is left of the group is killed.

A shell without job control starts background commands with SIGINT ignored, and nohup with SIGHUP
ignored, which every child would inherit. A signal that is handled here has its default effect in
the command, however this process was started.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from cli.local_stack.process_group import members

GRACE_SECONDS = 5.0
LOOK_EVERY_SECONDS = 0.25


def main(holder: int, mark: Path, command: list[str]) -> int:
    """Run `command` to its end and return its exit code as a shell would."""
    stop = False

    def told(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stop
        stop = True

    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, told)
    child = subprocess.Popen(command)  # noqa: S603 - our own caller's command
    while not stop and (os.getppid() == holder or mark.exists()):
        if _ended(child, LOOK_EVERY_SECONDS):
            break
    else:
        child.terminate()
        _ended(child, GRACE_SECONDS)
    for process in members(os.getpgrp()):
        if process.pid != os.getpid():
            process.kill()
    code = child.wait()
    return code if code >= 0 else 128 - code


def _ended(child: subprocess.Popen[bytes], within: float) -> bool:
    try:
        child.wait(timeout=within)
    except subprocess.TimeoutExpired:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
