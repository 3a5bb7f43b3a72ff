"""Faults in front of the emulator: each affects a call as named, and none without faults."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from cli.studies.wire.faults import Fault, Faults
from cli.studies.wire.proxy import proxied
from cli.studies.wire.run import Result

TARGET = {"x-amz-target": "DynamoDB_20120810.PutItem"}


class Service(ThreadingHTTPServer):
    """Echoes each request and records it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.taken.append(body)
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def asked(service: Service, *faults: Fault | None) -> httpx2.Response:
    """The response to the last of as many calls as there are faults, on one connection."""
    drawn = iter(faults)
    with proxied(service.url, lambda: next(drawn)) as url, httpx2.Client() as http:
        for number, _ in enumerate(faults):
            answer = http.post(url, content=f"call {number}", headers=TARGET)
        return answer


def test_a_call_without_a_fault_goes_through(service: Service) -> None:
    assert asked(service, None, None).text == "call 1"
    assert service.taken == [b"call 0", b"call 1"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.SERVER_ERROR, 500, "InternalServerError"),
        (Fault.THROTTLED, 400, "ProvisionedThroughputExceededException"),
    ],
)
def test_a_refused_call_has_no_effect(
    service: Service, fault: Fault, status: int, code: str
) -> None:
    answer = asked(service, fault)
    assert answer.status_code == status
    assert json.loads(answer.text)["__type"].endswith(code)
    assert service.taken == []


@pytest.mark.parametrize(("fault", "taken"), [(Fault.RESET, []), (Fault.UNANSWERED, [b"call 0"])])
def test_a_connection_is_reset_before_or_after_the_effect(
    service: Service, fault: Fault, taken: list[bytes]
) -> None:
    with pytest.raises(httpx2.NetworkError):
        asked(service, fault)
    assert service.taken == taken


def test_without_faults_every_call_goes_through() -> None:
    faults = Faults(1, lambda: 0.0)
    before = [faults.draw() for _ in range(50)]
    faults.start()
    amid = {faults.draw() for _ in range(200)}
    faults.heal()
    after = [faults.draw() for _ in range(50)]
    assert {*before, *after} == {None}
    assert amid - {None} == {*Fault} - {Fault.LATE}
    assert faults.calls == 300


def test_responses_are_also_delayed_between_bursts() -> None:
    faults = Faults(1, lambda: 3.0)
    faults.start()
    assert Fault.LATE in {faults.draw() for _ in range(400)}


def test_only_lists_with_a_fault_are_inexact() -> None:
    assert Result(users=3, faults={"anna of harbor": "22 songs of 30"}).exact == 2
