"""`topk load` on the command line."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from cli.main import app


class Api(BaseHTTPRequestHandler):
    """Serves every list except that of `nobody`."""

    def do_GET(self) -> None:
        self.send_response(404 if "nobody" in self.path else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    do_PUT = do_PATCH = do_GET  # noqa: N815 - their names there

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    """More than all connections at once; a refused connection would be retried after seconds."""


@pytest.fixture
def api() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Api) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def load(tmp_path: Path, api: str, follows: list[str]) -> tuple[int, str]:
    callers = tmp_path / "callers.json"
    one = {"api": api, "user": "anna", "token": "fake-token", "follows": follows}
    other = {"api": api, "user": "ben", "token": "fake-token", "follows": ["anna"]}
    callers.write_text(json.dumps([one, other, {**one, "user": "nobody"}]))
    arguments = ["--callers", str(callers), "--out", str(tmp_path / "out")]
    run = ["load", "--rate", "100", "--seconds", "1", "--warm-up", "0.1", *arguments]
    done = CliRunner().invoke(app, run)
    return done.exit_code, done.output


def test_any_api_can_be_loaded_and_latencies_are_written(tmp_path: Path, api: str) -> None:
    code, output = load(tmp_path, api, ["ben"])
    assert code == 0, output
    found = json.loads((tmp_path / "out" / "load.json").read_text())
    assert found["requests"] == 100
    assert found["errors"] == {}
    assert found["latency_ms"]["all"]["p99"] > 0
    assert (tmp_path / "out" / "load" / "latency.svg").exists()


def test_a_failed_request_gives_exit_code_1(tmp_path: Path, api: str) -> None:
    code, output = load(tmp_path, api, ["nobody"])
    assert code == 1
    assert "404" in output
    assert json.loads((tmp_path / "out" / "load.json").read_text())["errors"]["profile: 404"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--rate", "0"], "--rate"),
        (["--seconds", "0"], "--seconds"),
        (["--callers", "nowhere.json"], "nowhere.json"),
        (["--name", "No Name"], "No Name"),
    ],
)
def test_invalid_input_gets_one_line(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["load", *arguments])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert says in line
