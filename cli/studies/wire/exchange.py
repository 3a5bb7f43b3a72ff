"""Reads HTTP/1.1 messages as bytes, to be forwarded unchanged."""

from asyncio import StreamReader

_END = b"\r\n\r\n"


class BrokenMessageError(Exception):
    """The message is malformed, so its end cannot be found."""


async def read_message(reader: StreamReader, *, bodiless: bool = False) -> bytes:
    """The next message; empty at the end of the stream.

    Set `bodiless` for the response to a HEAD.
    Raises BrokenMessageError, IncompleteReadError or OSError.
    """
    head = await reader.readuntil(_END) if not reader.at_eof() else b""
    if not head or bodiless:
        return head
    fields = _fields(head)
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return head + await _chunks(reader)
    if b"content-length" in fields:
        return head + await reader.readexactly(int(fields[b"content-length"]))
    if head.startswith(b"HTTP/") and not _is_empty(head):
        return head + await reader.read()
    return head


def target(request: bytes) -> str:
    """The operation in X-Amz-Target; the request line if there is no such header."""
    head = request.partition(_END)[0]
    named = _fields(head).get(b"x-amz-target")
    return (named or head.partition(b"\r\n")[0]).decode("latin-1")


def closes(message: bytes) -> bool:
    """Whether the sender closes the connection after this message."""
    return _fields(message.partition(_END)[0]).get(b"connection", b"").lower() == b"close"


def _fields(head: bytes) -> dict[bytes, bytes]:
    lines = head.split(b"\r\n")[1:]
    split = (line.partition(b":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in split}


def _is_empty(head: bytes) -> bool:
    return head.split(b" ", 2)[1][:3] in {b"204", b"304"}


async def _chunks(reader: StreamReader) -> bytes:
    found = b""
    while True:
        line = await reader.readline()
        found += line
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            raise BrokenMessageError("a chunk without its size") from None
        found += await reader.readexactly(size + 2)
        if size == 0:
            return found
