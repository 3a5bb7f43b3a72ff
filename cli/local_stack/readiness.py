"""Wait for processes: until they answer, or until they end. Deadlines only end hangs."""

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import psutil

from cli.failure import CommandFailedError
from cli.local_stack.log_excerpt import reasons
from cli.local_stack.process_group import members
from cli.local_stack.processes import LOOK_EVERY_SECONDS, Process

READY_SECONDS = 600.0
"""A busy machine compiles a fresh installation for a minute or more."""
_ANSWER_SECONDS = 10.0


class EndedEarlyError(CommandFailedError):
    """A process that should serve has ended."""


def await_answer(process: Process, url: str, *, within: float = READY_SECONDS) -> None:
    """Wait until `process` itself listens at `url` and answers 200.

    Responses of other processes at that address do not count. Raises EndedEarlyError if `process`
    ends, CommandFailedError after `within` seconds; both quote its log.
    """
    port = urlsplit(url).port
    with httpx2.Client(timeout=_ANSWER_SECONDS, trust_env=False) as http:

        def answers() -> bool:
            try:
                return http.get(url).status_code == httpx2.codes.OK and _listens(process, port)
            except httpx2.TransportError:
                return False

        _await(process, answers, within)


def finish(process: Process, *, needs: Sequence[Process] = ()) -> None:
    """Wait for the end of `process`. Raises CommandFailedError if it failed, and EndedEarlyError if
    a process that it `needs` ended first.
    """
    while process.popen is not None and process.popen.poll() is None:
        for other in needs:
            if not other.running:
                raise _failed(EndedEarlyError, other, "ended unexpectedly")
        time.sleep(LOOK_EVERY_SECONDS)
    if process.popen is not None and process.popen.returncode != 0:
        raise _failed(CommandFailedError, process, "failed")


def _await(process: Process, condition: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not condition():
        if not process.running:
            raise _failed(EndedEarlyError, process, "ended unexpectedly")
        if time.monotonic() > deadline:
            raise _failed(CommandFailedError, process, f"is not ready after {within:.0f} s")
        time.sleep(LOOK_EVERY_SECONDS)


def _failed(kind: type[CommandFailedError], process: Process, what: str) -> CommandFailedError:
    return kind(f"{process.name} {what}; see {process.log}", details=reasons(Path(process.log)))


def _listens(process: Process, port: int | None) -> bool:
    """Whether a process of the group of `process` listens on `port`."""
    for member in members(process.pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            for socket in member.net_connections("tcp"):
                if socket.status == psutil.CONN_LISTEN and socket.laddr.port == port:
                    return True
    return False
