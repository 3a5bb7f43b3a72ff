"""A stand-in for the API and for a host's server, as a browser sees them.

It serves files of the build and pages that a test writes, and answers API paths as the test says.
Every request is kept, so that a test can tell what the browser asked for and with which token.
"""

import json
import mimetypes
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LONGEST_HOLD_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; text is sent unchanged, anything else as JSON. Waits for `held` if given."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    held: threading.Event | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    token: str
    body: Any


class Double:
    """Responses by method and path; the last of several is repeated."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._replies: dict[tuple[str, str], list[Reply]] = defaultdict(list)
        self._pages: dict[str, str] = {}
        self.asked: list[Asked] = []
        self.address = ""

    def answer(self, call: str, *replies: Any, status: int = 200) -> None:
        """Sets the responses to `call` ("GET /v1/me"), in order; the last is repeated."""
        method, path = call.split()
        self._replies[method, path] = [
            one if isinstance(one, Reply) else Reply(one, status) for one in replies
        ]

    def page(self, path: str, html: str) -> str:
        """Serves `html`; returns its full URL."""
        self._pages[path] = html
        return self.address + path

    def calls(self, call: str) -> list[Asked]:
        method, path = call.split()
        return [one for one in self.asked if (one.method, one.path) == (method, path)]

    def reset(self) -> None:
        self._replies.clear()
        self._pages.clear()
        self.asked = []

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        replies = self._replies.get((asked.method, asked.path))
        if replies:
            return replies.pop(0) if len(replies) > 1 else replies[0]
        if asked.path in self._pages:
            return Reply(self._pages[asked.path], headers={"content-type": "text/html"})
        return self._file(asked.path)

    def _file(self, path: str) -> Reply:
        file = (self._files / path.removeprefix("/")).resolve()
        if not file.is_relative_to(self._files) or not file.is_file():
            return Reply({"status": 404}, 404)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Reply(file.read_text(encoding="utf-8"), headers={"content-type": kind})


@contextmanager
def served(files: Path) -> Iterator[Double]:
    """A double that listens on a free port of this machine."""
    double = Double(files)

    class Handler(_Handler):
        answers = double

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        double.address = f"http://127.0.0.1:{server.server_port}"
        listening = threading.Thread(target=server.serve_forever, daemon=True)
        listening.start()
        try:
            yield double
        finally:
            server.shutdown()
            listening.join()


class _Handler(BaseHTTPRequestHandler):
    answers: Double
    protocol_version = "HTTP/1.1"

    def _respond(self) -> None:
        reply = self.answers.reply_to(self._asked())
        if reply.held is not None:
            reply.held.wait(LONGEST_HOLD_SECONDS)
        try:
            self._write(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _respond  # noqa: N815

    def _asked(self) -> Asked:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        return Asked(
            self.command,
            address.path,
            dict(parse_qsl(address.query)),
            self.headers.get("authorization", "").removeprefix("Bearer "),
            json.loads(body) if body else None,
        )

    def _write(self, reply: Reply) -> None:
        text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        payload = b"" if reply.body is None else text.encode()
        headers = {"content-type": "application/json", "cache-control": "no-store"}
        self.send_response(reply.status)
        for name, value in (headers | dict(reply.headers)).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: Any) -> None:
        """Logs nothing: the double records the requests."""
