"""AWS calls by the short way: what botocore does for any service, without what ours never need.

A call of DynamoDB costs botocore a millisecond, of which signing is a twentieth. Validation by the
service's model, its endpoint rules, hooks and the parsing of shapes are left out; signing,
credentials, endpoint and certificates stay botocore's. Only an answer that says 200, or that a
condition does not hold, is taken. For anything else, a lost connection or a throttled request, the
call is made again by botocore, whose retries and errors hold. The standard library carries the
request: urllib3 costs twice as much, for what is done without here.
"""

import base64
import ssl
from collections import deque
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import msgspec
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from botocore.httpsession import get_cert_path
from urllib3.util.wait import wait_for_read

CONNECT_SECONDS, READ_SECONDS = 2, 10
IDLE_CONNECTIONS = 10
_CONDITION_FAILED = "ConditionalCheckFailedException"
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


class ShortCalls:
    """A botocore `client` of a service that speaks JSON, but for how its calls travel."""

    def __init__(self, client: Any) -> None:
        meta = client.meta
        told = meta.service_model.metadata
        self._client = client
        self._url = f"{meta.endpoint_url.rstrip('/')}/"
        self._scope = meta.service_model.signing_name, meta.region_name
        self._service = meta.service_model.service_id.hyphenize()
        self._target = told["targetPrefix"]
        self._content_type = f"application/x-amz-json-{told['jsonVersion']}"
        self._connections = _Connections(self._url)

    def __getattr__(self, name: str) -> Any:
        operation = self._client.meta.method_to_api_mapping.get(name)
        if operation is None:
            return getattr(self._client, name)
        return lambda **arguments: self._make_api_call(operation, arguments)

    def _make_api_call(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to `operation`. Raises as the client does."""
        try:
            status, body = self._send(operation, _encoder.encode(arguments))
            answer: dict[str, Any] = _decoder.decode(body)
        except (HTTPException, OSError, msgspec.DecodeError):
            return self._by_botocore(operation, arguments)
        if status == 200:
            return _with_bytes(answer)
        if answer.get("__type", "").endswith(_CONDITION_FAILED):
            message = answer.get("message", "")
            raise ClientError({"Error": {"Code": _CONDITION_FAILED, "Message": message}}, operation)
        return self._by_botocore(operation, arguments)

    def _by_botocore(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._client._make_api_call(operation, arguments)  # noqa: SLF001 - as PynamoDB calls it
        return found

    def _send(self, operation: str, body: bytes) -> tuple[int, bytes]:
        headers = {
            "X-Amz-Target": f"{self._target}.{operation}",
            "Content-Type": self._content_type,
        }
        unsigned = AWSRequest("POST", self._url, headers=headers, data=body)
        credentials = self._client._get_credentials().get_frozen_credentials()  # noqa: SLF001 - they expire, and are renewed there
        SigV4Auth(credentials, *self._scope).add_auth(unsigned)
        request = unsigned.prepare()
        # Whoever listens to the client's requests, as moto does, may answer in the service's place.
        event = f"before-send.{self._service}.{operation}"
        for _, answer in self._client.meta.events.emit(event, request=request):
            if answer is not None:
                return answer.status_code, answer.content
        return self._connections.post(body, dict(request.headers))


class _Connections:
    """Connections to the host of `url` that are kept open; threads may share them."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host = address.netloc
        secure = address.scheme == "https"
        self._context = ssl.create_default_context(cafile=get_cert_path(True)) if secure else None
        self._idle: deque[HTTPConnection] = deque()

    def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer. Raises HTTPException or OSError where none came."""
        connection = self._usable() or self._opened()
        try:
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            told = answer.status, answer.read()
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < IDLE_CONNECTIONS:
            self._idle.append(connection)
        else:
            connection.close()
        return told

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _usable(self) -> HTTPConnection | None:
        """One that the other side has not closed, as it does while a function is frozen."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # Another thread took it.
                return None
            if connection.sock and not wait_for_read(connection.sock, timeout=0):
                return connection
            connection.close()
        return None

    def _opened(self) -> HTTPConnection:
        connection = (
            HTTPSConnection(self._host, timeout=CONNECT_SECONDS, context=self._context)
            if self._context
            else HTTPConnection(self._host, timeout=CONNECT_SECONDS)
        )
        connection.connect()
        connection.sock.settimeout(READ_SECONDS)
        return connection


def _with_bytes(answer: dict[str, Any]) -> dict[str, Any]:
    """`answer` with its binary attributes as bytes, in the places where DynamoDB has items."""
    for item in [answer.get("Item"), answer.get("Attributes"), *answer.get("Items", ())]:
        _decode(item)
    for items in answer.get("Responses", {}).values():
        for item in items:
            _decode(item)
    return answer


def _decode(item: dict[str, Any] | None) -> None:
    for value in (item or {}).values():
        if "B" in value:
            value["B"] = base64.b64decode(value["B"])
