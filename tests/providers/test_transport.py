"""The transport over real sockets: misbehaving peers cannot exceed its limits."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from tests.providers.scripted import run
from topk.domain.errors import BadPayloadError, TransientError
from topk.domain.limits import LARGEST_PROVIDER_ANSWER
from topk.providers.http.answer import Answer
from topk.providers.http.transport import Transport

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@asynccontextmanager
async def listening(peer: Peer) -> AsyncIterator[str]:
    """The address of `peer`, which closes all its connections at the end."""
    calls: list[asyncio.Task[None]] = []

    async def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await peer(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(asyncio.ensure_future(call(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.gather(*calls)


def says(answer: bytes) -> Peer:
    """A peer that sends `answer` to one request and closes the connection."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return peer


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A peer that reads the request and sends nothing until the client closes the connection."""
    await reader.read()


def ask(peer: Peer, *, total_seconds: float = 5.0) -> Answer:
    async def step() -> Answer:
        async with (
            asyncio.timeout(20),
            listening(peer) as url,
            Transport.open(total_seconds=total_seconds) as http,
        ):
            return await http.request("GET", f"{url}/path?token=fake-access-token-1")

    return run(step())


def ok(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers, b"", body]
    return b"\r\n".join(lines)


def test_a_response_is_read_completely_with_lower_case_header_names() -> None:
    answer = ask(says(ok(b'{"a": 1}', b"Retry-After: 3")))

    assert (answer.status, answer.body) == (200, b'{"a": 1}')
    assert answer.headers["retry-after"] == "3"


def test_an_error_status_is_returned_as_a_response() -> None:
    answer = ask(says(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 12\r\n\r\nBad gateway."))

    assert (answer.status, answer.body) == (502, b"Bad gateway.")


def test_a_compressed_response_is_decompressed() -> None:
    assert ask(says(ok(gzip.compress(b"{}"), b"Content-Encoding: gzip"))).body == b"{}"


def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off() -> None:
    bomb = gzip.compress(bytes(4 * LARGEST_PROVIDER_ANSWER))

    with pytest.raises(BadPayloadError):
        ask(says(ok(bomb, b"Content-Encoding: gzip")))


def test_an_endless_response_is_cut_off() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(bytes(65_536))
            await writer.drain()

    with pytest.raises(BadPayloadError):
        ask(endless)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntruncated",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        ok(b"not gzip", b"Content-Encoding: gzip"),
    ],
    ids=["hung up", "not HTTP", "truncated", "bad chunk", "huge header", "bad gzip"],
)
def test_a_broken_response_is_transient(answer: bytes) -> None:
    with pytest.raises(TransientError):
        ask(says(answer))


def test_a_silent_peer_times_out() -> None:
    with pytest.raises(TransientError):
        ask(hangs, total_seconds=0.05)


def test_a_trickling_peer_times_out_in_total() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not reader.at_eof():
            writer.write(b" ")
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.01)

    with pytest.raises(TransientError):
        ask(trickle, total_seconds=0.1)


def test_a_refused_connection_is_transient_and_names_no_address() -> None:
    async def step() -> None:
        async with listening(hangs) as url:
            pass
        async with Transport.open() as http:
            await http.request("GET", f"{url}/path?token=fake-access-token-1")

    with pytest.raises(TransientError) as caught:
        run(step())
    assert "127.0.0.1" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


def test_a_redirect_is_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"

    assert ask(says(moved)).status == 302


def test_no_cookie_is_kept_between_requests() -> None:
    heads: list[bytes] = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ok(b"{}", b"Set-Cookie: user=1; Path=/", b"Connection: close"))

    async def step() -> None:
        async with listening(peer) as url, Transport.open() as http:
            for _ in range(2):
                await http.request("GET", url.replace("127.0.0.1", "localhost"))

    run(step())

    assert len(heads) == 2
    assert not [head for head in heads if b"cookie" in head.lower()]


def test_open_connections_are_limited() -> None:
    open_now = most = 0

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0)
        open_now -= 1
        writer.write(ok(b"{}", b"Connection: close"))

    async def step() -> None:
        async with listening(peer) as url, Transport.open(connections=3) as http:
            await asyncio.gather(*(http.request("GET", url) for _ in range(12)))

    run(step())

    assert most <= 3


@pytest.mark.parametrize(
    ("path", "token"),
    [("\x00", "fake"), ("x" * 100_000, "fake"), ("", "fake-é"), ("", "fake\r\nX-Other: 1")],
    ids=["control", "too long", "not ASCII", "two lines"],
)
def test_an_invalid_request_value_is_a_bad_payload(path: str, token: str) -> None:
    async def step() -> None:
        async with listening(hangs) as url, Transport.open() as http:
            await http.request("GET", f"{url}/{path}", headers={"Authorization": token})

    with pytest.raises(BadPayloadError) as caught:
        run(step())
    assert "fake" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_addresses_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(says(ok(b"{}")))

    assert "fake-access-token-1" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_the_repr_of_a_response_shows_no_content() -> None:
    answer = ask(says(ok(b"fake-access-token-1", b"X-Token: fake-access-token-1")))

    assert "fake" not in repr(answer)
