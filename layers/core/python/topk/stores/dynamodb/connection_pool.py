"""A pool of persistent HTTP/1.1 connections to one host, at a fraction of the cost of the standard
library's client. httptools parses responses.
"""

import socket
import ssl
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit
from zlib import crc32

from botocore.httpsession import get_cert_path
from httptools import HttpParserError, HttpResponseParser
from urllib3.util.wait import wait_for_read

CONNECT_SECONDS, READ_SECONDS = 2, 10
IDLE_CONNECTIONS = 10
_PORTS = {"http": 80, "https": 443}
_READ_BYTES = 1 << 16
_CHECKSUM = b"x-amz-crc32"
_pools: "weakref.WeakSet[KeptConnections]" = weakref.WeakSet()


def close_all() -> None:
    """Close the idle connections of all pools, which open others for the next requests."""
    for pool in [*_pools]:
        pool.close()


class KeptConnections:
    """Connections to the host of `url`, of which up to `idle` stay open. Thread-safe."""

    def __init__(self, url: str, *, idle: int = IDLE_CONNECTIONS) -> None:
        self._most_idle = idle
        address = urlsplit(url)
        self.host = address.netloc
        self._name = address.hostname or ""
        self._port = address.port or _PORTS[address.scheme]
        secure = address.scheme == "https"
        self._context = ssl.create_default_context(cafile=get_cert_path(True)) if secure else None
        self._idle: deque[socket.socket] = deque()
        weakref.finalize(self, _close, self._idle)
        _pools.add(self)

    def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body of the response. Raises OSError without a readable response."""
        return self.ask(body, headers)()

    def ask(self, body: bytes, headers: Mapping[str, str]) -> "Asked":
        """As `post`, but the response is awaited when the result is called."""
        connection = self._usable() or self._opened()
        try:
            connection.sendall(_request(body, headers))
        except BaseException:
            connection.close()
            raise
        return Asked(connection, self._keep)

    def _keep(self, connection: socket.socket) -> None:
        if len(self._idle) < self._most_idle:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        _close(self._idle)

    def _usable(self) -> socket.socket | None:
        """A connection that the other side has not closed while the function was frozen."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # Another thread took it.
                return None
            if not wait_for_read(connection, timeout=0):
                return connection
            connection.close()
        return None

    def _opened(self) -> socket.socket:
        connection = socket.create_connection((self._name, self._port), timeout=CONNECT_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context:
            connection = self._context.wrap_socket(connection, server_hostname=self._name)
        connection.settimeout(READ_SECONDS)
        return connection


def _close(connections: deque[socket.socket]) -> None:
    while connections:
        connections.pop().close()


class Asked:
    """A call in progress. Discarding it without its response closes the connection."""

    def __init__(self, connection: socket.socket, keep: Callable[[socket.socket], None]) -> None:
        self._connection, self._keep = connection, keep
        self._answered = False

    def __call__(self) -> tuple[int, bytes]:
        """Status and body, once. Raises OSError without a readable response."""
        answer = _answer(self._connection)
        if answer.stays_open:
            self._answered = True
            self._keep(self._connection)
        return answer.status, bytes(answer.body)

    def __del__(self) -> None:
        if not self._answered:
            self._connection.close()


class _Answer:
    """Callbacks of the httptools parser."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.status = 0
        self.stays_open = self.complete = False
        self._checksum = b""
        self._parser = HttpResponseParser(self)

    def read(self, data: bytes) -> None:
        self._parser.feed_data(data)

    @property
    def is_damaged(self) -> bool:
        """Whether the body is not the one that DynamoDB took the checksum of."""
        return bool(self._checksum) and str(crc32(self.body)).encode() != self._checksum

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == _CHECKSUM:
            self._checksum = value

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.stays_open = self._parser.should_keep_alive()
        self.complete = True


def _answer(connection: socket.socket) -> _Answer:
    answer = _Answer()
    while not answer.complete:
        data = connection.recv(_READ_BYTES)
        if not data:
            raise ConnectionResetError("closed before the answer was complete")
        try:
            answer.read(data)
        except HttpParserError as error:
            raise ConnectionAbortedError("not an answer of HTTP/1.1") from error
    if answer.is_damaged:
        raise ConnectionAbortedError("the body does not match its checksum")
    return answer


def _request(body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST / HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("ascii") + body
