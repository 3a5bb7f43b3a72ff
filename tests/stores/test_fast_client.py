"""The fast client gives the same responses and errors as botocore."""

import gc
import socket
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from zlib import crc32

import boto3
import pytest
from botocore.exceptions import ClientError
from urllib3.util.wait import wait_for_read

from topk.stores.dynamodb.connection_pool import KeptConnections
from topk.stores.dynamodb.fast_client import FastClient

KEY = {"owner": {"S": "harbor#ada"}}
ROW = {
    **KEY,
    "followers": {"N": "3"},
    "body": {"B": b"\x00\xff\x10"},
    "of_every_type": {
        "M": {
            "yes": {"BOOL": True},
            "nothing": {"NULL": True},
            "words": {"SS": ["a"]},
            "numbers": {"NS": ["1"]},
            "bits": {"BS": [b"\x00"]},
            "more": {"L": [{"B": b"\xff"}, {"M": {}}]},
        }
    },
}


class _Botocore:
    """A client that records the calls that it makes itself."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _make_api_call(self, operation: str, arguments: Any) -> Any:
        self.made.append(operation)
        return self._client._make_api_call(operation, arguments)


@pytest.fixture
def botocore(tables: None) -> _Botocore:
    return _Botocore(boto3.client("dynamodb", region_name="us-east-1"))


def test_responses_equal_botocores_and_no_call_is_made_twice(botocore: _Botocore) -> None:
    short = FastClient(botocore)
    short.put_item(TableName="Profiles", Item=ROW)
    assert short.get_item(TableName="Profiles", Key=KEY)["Item"] == ROW
    asked = {"Profiles": {"Keys": [KEY]}}
    assert short.batch_get_item(RequestItems=asked)["Responses"]["Profiles"] == [ROW]
    asked_for = {"KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner"}}
    values = {":o": KEY["owner"]}
    found = short.query(TableName="Profiles", ExpressionAttributeValues=values, **asked_for)
    assert found["Items"] == [ROW]
    changed = short.update_item(
        TableName="Profiles",
        Key=KEY,
        UpdateExpression="SET body = :b",
        ExpressionAttributeValues={":b": {"B": b"\x01"}},
        ReturnValues="ALL_NEW",
    )
    assert changed["Attributes"]["body"] == {"B": b"\x01"}
    assert botocore.made == []


def test_a_failed_condition_raises_the_same_error_as_botocore(botocore: _Botocore) -> None:
    short = FastClient(botocore)
    short.put_item(TableName="Profiles", Item=ROW)
    with pytest.raises(ClientError) as refused:
        short.put_item(
            TableName="Profiles", Item=ROW, ConditionExpression="attribute_not_exists(followers)"
        )
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert botocore.made == []


def test_other_errors_are_left_to_botocore(botocore: _Botocore) -> None:
    with pytest.raises(ClientError) as refused:
        FastClient(botocore).get_item(TableName="Nothing", Key=KEY)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert botocore.made == ["GetItem"]


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("answer", [OSError("lost"), (200, b"<html>")])
def test_a_lost_call_is_repeated_by_botocore(
    botocore: _Botocore, monkeypatch: pytest.MonkeyPatch, answer: Any, sent: bool
) -> None:
    short = FastClient(botocore)
    short.put_item(TableName="Profiles", Item=ROW)

    def respond() -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    def lost(*_: Any) -> Any:
        if isinstance(answer, Exception) and not sent:
            raise answer
        return respond

    monkeypatch.setattr(short, "_send", lost)
    assert short.get_item(TableName="Profiles", Key=KEY)["Item"] == ROW
    assert botocore.made == ["GetItem"]


class _Peer(ThreadingHTTPServer):
    """Responds 200 to every request; `taken` has the client address of each connection."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.taken: list[Any] = []
        self.closes = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        assert isinstance(self.server, _Peer)
        self.server.taken.append(self.client_address)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.closes

    def log_message(self, *_: Any) -> None:
        """Logs nothing."""


@pytest.fixture
def peer() -> Iterator[_Peer]:
    with _Peer() as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.fixture
def connections(peer: _Peer) -> Iterator[KeptConnections]:
    with closing(KeptConnections(peer.url)) as kept:
        yield kept


def test_a_connection_is_reused(peer: _Peer, connections: KeptConnections) -> None:
    assert connections.post(b"one", {}) == (200, b"one")
    assert connections.post(b"two", {}) == (200, b"two")
    assert len(set(peer.taken)) == 1


def test_concurrent_calls_each_get_their_own_response(connections: KeptConnections) -> None:
    one, two = connections.ask(b"one", {}), connections.ask(b"two", {})
    assert two() == (200, b"two")
    assert one() == (200, b"one")
    assert len(connections._idle) == 2


def test_a_connection_with_an_unread_response_is_not_reused(
    connections: KeptConnections,
) -> None:
    connections.ask(b"one", {})
    assert not connections._idle
    assert connections.post(b"two", {}) == (200, b"two")
    assert len(connections._idle) == 1


def test_a_connection_closed_by_the_server_is_not_reused(
    peer: _Peer, connections: KeptConnections
) -> None:
    peer.closes = True
    connections.post(b"one", {})
    [kept] = connections._idle
    assert wait_for_read(kept, timeout=5)
    assert connections.post(b"two", {}) == (200, b"two")
    assert len(set(peer.taken)) == 2


def test_a_discarded_pool_closes_its_connections(peer: _Peer) -> None:
    forgotten = KeptConnections(peer.url)
    forgotten.post(b"one", {})
    [kept] = forgotten._idle
    forgotten.itself = forgotten  # type: ignore[attr-defined]
    del forgotten
    gc.collect()
    assert kept.fileno() == -1


def test_a_call_without_a_response_raises(connections: KeptConnections, peer: _Peer) -> None:
    peer.shutdown()
    peer.server_close()
    with pytest.raises(ConnectionRefusedError):
        connections.post(b"one", {})
    assert not connections._idle


_HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        [_HEAD + b"Content-Length: 4\r\n\r\n", b"body"],
        [_HEAD + b"X-Amz-Crc32: %d\r\nContent-Length: 4\r\n\r\n" % crc32(b"body"), b"body"],
        [_HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nbod\r\n", b"1\r\ny\r\n0\r\n\r\n"],
    ],
)
def test_a_response_is_read_completely(pieces: list[bytes]) -> None:
    assert _read(pieces) == (200, b"body")


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [_HEAD + b"Content-Length: 4\r\n\r\nto"],
        [b"SSH-2.0\r\n"],
        [_HEAD + b"x-amz-crc32: %d\r\nContent-Length: 4\r\n\r\n" % crc32(b"body"), b"bods"],
    ],
)
def test_what_is_no_whole_answer_is_an_error(pieces: list[bytes]) -> None:
    with pytest.raises(ConnectionError):
        _read(pieces)


def _read(pieces: list[bytes]) -> tuple[int, bytes]:
    """The response decoded from a peer that sends `pieces` and closes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_telling, args=(server, pieces)).start()
        with closing(KeptConnections(f"http://127.0.0.1:{server.getsockname()[1]}")) as kept:
            return kept.post(b"one", {"Host": "peer"})


def _telling(server: socket.socket, pieces: list[bytes]) -> None:
    asking, _ = server.accept()
    with asking:
        assert asking.recv(1 << 16)
        for piece in pieces:
            asking.sendall(piece)


TRACE = (
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1|b:16"
)


@pytest.mark.parametrize("trace", [TRACE, 'Root={"1": [2]}, 3 % ü', ""])
@pytest.mark.parametrize("function", ["crawl", ""])
def test_the_trace_of_an_invocation_is_sent_as_by_botocore(
    botocore: _Botocore, monkeypatch: pytest.MonkeyPatch, trace: str, function: str
) -> None:
    for name, value in {"_X_AMZN_TRACE_ID": trace, "AWS_LAMBDA_FUNCTION_NAME": function}.items():
        if value:
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name, raising=False)
    sent: list[str | None] = []

    def record(request: Any, **_: Any) -> None:
        header = request.headers.get("X-Amzn-Trace-Id")
        sent.append(header.decode() if isinstance(header, bytes) else header)

    botocore.meta.events.register_first("before-send.dynamodb.*", record)
    FastClient(botocore).get_item(TableName="Profiles", Key=KEY)
    assert botocore.made == []
    botocore._client.get_item(TableName="Profiles", Key=KEY)
    ours, theirs = sent
    assert ours == theirs
    assert (ours is not None) == bool(trace and function)
