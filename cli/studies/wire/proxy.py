"""A proxy between the functions and the emulator that injects faults into their calls."""

import asyncio
import socket
import struct
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from cli.studies.wire.exchange import BrokenMessageError, closes, read_message, target
from cli.studies.wire.faults import Fault

Draw = Callable[[], Fault | None]
_LATE_SECONDS = 12.0
"""Longer than a function's client waits for an answer."""
_LARGEST = 64 * 1024 * 1024
_THROTTLED = {"DynamoDB": "ProvisionedThroughputExceededException"}
_ENDS = (BrokenMessageError, asyncio.IncompleteReadError, OSError, asyncio.CancelledError)


@contextmanager
def proxied(url: str, draw: Draw) -> Iterator[str]:
    """Runs a proxy to `url` and yields its address; `draw` picks the fault of each call."""
    ready: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        over = asyncio.Event()
        server = await asyncio.start_server(_Proxy(url, draw).serve, "127.0.0.1", 0, limit=_LARGEST)
        port = server.sockets[0].getsockname()[1]
        ready.set_result((f"http://127.0.0.1:{port}", asyncio.get_running_loop(), over))
        await over.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    address, loop, over = ready.result()
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


class _Proxy:
    def __init__(self, url: str, draw: Draw) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._draw = draw
        self._held: set[asyncio.Task[object] | None] = set()
        """Keeps tasks alive: asyncio holds only weak references to those that still wait."""

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serves one connection of a function, call by call."""
        self._held.add(asyncio.current_task())
        with suppress(*_ENDS):
            upstream, downstream = await asyncio.open_connection(
                self._host, self._port, limit=_LARGEST
            )
            try:
                while request := await read_message(reader):
                    if not await self._exchange(request, upstream, downstream, writer):
                        break
            finally:
                downstream.close()
        writer.close()
        self._held.discard(asyncio.current_task())

    async def _exchange(
        self,
        request: bytes,
        upstream: StreamReader,
        downstream: StreamWriter,
        writer: StreamWriter,
    ) -> bool:
        """Forwards one call, or fails it. Returns whether the connection stays open."""
        fault = self._draw()
        if fault in {Fault.SERVER_ERROR, Fault.THROTTLED}:
            writer.write(_refusal(request, throttled=fault is Fault.THROTTLED))
            await writer.drain()
            return True
        if fault is not Fault.RESET:
            downstream.write(request)
            await downstream.drain()
            answer = await read_message(upstream, bodiless=request.startswith(b"HEAD "))
            if fault is Fault.LATE:
                await asyncio.sleep(_LATE_SECONDS)
            if fault is not Fault.UNANSWERED:
                writer.write(answer)
                await writer.drain()
                return not closes(answer)
        _reset(writer)
        return False


def _reset(writer: StreamWriter) -> None:
    """Sends a TCP reset: with a linger time of 0, closing does not end in order (socket(7))."""
    now = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
    writer.transport.abort()


def _refusal(request: bytes, *, throttled: bool) -> bytes:
    """An error response in the format of AWS's JSON services."""
    service = target(request).partition("_")[0]
    code = _THROTTLED.get(service, "ThrottlingException") if throttled else "InternalServerError"
    body = f'{{"__type": "com.amazonaws#{code}", "message": "simulated"}}'.encode()
    status = "400 Bad Request" if throttled else "500 Internal Server Error"
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.0\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
