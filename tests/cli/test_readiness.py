"""Waiting for a process ends when it is ready, when it fails, or at the deadline."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cli.failure import CommandFailedError
from cli.local_stack.ports import free_ports
from cli.local_stack.processes import Process, launch, stop
from cli.local_stack.readiness import EndedEarlyError, await_answer, finish

ENVIRONMENT = {"PATH": os.defpath}
SLEEP = "import time; time.sleep(600)"
NOWHERE = "http://127.0.0.1:9/"


@contextmanager
def begun(folder: Path, code: str, name: str = "sleeper") -> Iterator[Process]:
    process = launch(name, [sys.executable, "-c", code], environment=ENVIRONMENT, folder=folder)
    try:
        yield process
    finally:
        stop([process])


@contextmanager
def stranger() -> Iterator[str]:
    """The address of a server in this process that responds 200 to everything."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_process_that_listens_and_responds_is_ready(tmp_path: Path) -> None:
    [port] = free_ports(1)
    code = f"import http.server as h; h.test(h.SimpleHTTPRequestHandler, port={port})"
    with begun(tmp_path, code) as process:
        await_answer(process, f"http://127.0.0.1:{port}/")


def test_a_response_of_another_process_does_not_count(tmp_path: Path) -> None:
    with (
        stranger() as url,
        begun(tmp_path, SLEEP) as process,
        pytest.raises(CommandFailedError, match="not ready"),
    ):
        await_answer(process, url, within=0)


def test_waiting_for_a_process_that_has_ended_stops_at_once(tmp_path: Path) -> None:
    with begun(tmp_path, "") as process, pytest.raises(EndedEarlyError, match="ended unexpectedly"):
        await_answer(process, NOWHERE)


def test_waiting_has_a_deadline(tmp_path: Path) -> None:
    with (
        begun(tmp_path, SLEEP) as process,
        pytest.raises(CommandFailedError, match="not ready after 0 s"),
    ):
        await_answer(process, NOWHERE, within=0)


def test_a_failed_command_is_named_with_its_log_and_the_reason(tmp_path: Path) -> None:
    code = "print('what went wrong'); raise SystemExit(3)"
    with (
        begun(tmp_path, code) as process,
        pytest.raises(CommandFailedError, match=r"^sleeper failed; see .*sleeper\.log$") as found,
    ):
        finish(process)
    assert found.value.details == ("what went wrong",)


def test_waiting_for_a_command_stops_when_its_dependency_has_ended(tmp_path: Path) -> None:
    with (
        begun(tmp_path, SLEEP) as process,
        begun(tmp_path, "print('out of memory')", "emulator") as needed,
        pytest.raises(EndedEarlyError, match="emulator ended unexpectedly") as found,
    ):
        finish(process, needs=[needed])
    assert found.value.details == ("out of memory",)
