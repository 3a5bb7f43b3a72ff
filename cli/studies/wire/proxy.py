"""Between the functions and the emulator: a proxy that lets faults befall their calls."""

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
"""Beyond what a function waits for an answer."""
_LARGEST = 64 * 1024 * 1024
_THROTTLED = {"DynamoDB": "ProvisionedThroughputExceededException"}
_ENDS = (BrokenMessageError, asyncio.IncompleteReadError, OSError, asyncio.CancelledError)


@contextmanager
def proxied(url: str, draw: Draw) -> Iterator[str]:
    """The address of a proxy to `url`, on which `draw` decides what befalls each call."""
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
        """asyncio lets go of a task whose client is gone, though it waits for an answer still."""

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection of a function, whose calls come one after the other."""
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
        """Whether another call may follow on this connection."""
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
    """Without lingering, closing is a reset (socket(7)) instead of an orderly end."""
    now = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
    writer.transport.abort()


def _refusal(request: bytes, *, throttled: bool) -> bytes:
    """As AWS's services that speak JSON refuse a call."""
    service = target(request).partition("_")[0]
    code = _THROTTLED.get(service, "ThrottlingException") if throttled else "InternalServerError"
    body = f'{{"__type": "com.amazonaws#{code}", "message": "simulated"}}'.encode()
    status = "400 Bad Request" if throttled else "500 Internal Server Error"
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.0\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
