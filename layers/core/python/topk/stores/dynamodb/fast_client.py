"""A fast client for AWS JSON services, without the parts of botocore that are not needed.

A DynamoDB call costs a tenth of botocore's CPU. Validation, endpoint rules, hooks and shape parsing
are left out; credentials, endpoint and certificates are botocore's. Only successful responses and
failed conditions are used. After anything else, such as a lost connection or a throttled request,
botocore repeats the call with its own retries and errors.
"""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

import msgspec
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError

from topk.clock import wall_clock
from topk.stores.dynamodb import response_decoder
from topk.stores.dynamodb.connection_pool import IDLE_CONNECTIONS, KeptConnections
from topk.stores.dynamodb.signer import Signer

_CONDITION_FAILED = "ConditionalCheckFailedException"
_encoder = msgspec.json.Encoder()


def begin_call(
    client: Any, operation: str, arguments: Mapping[str, Any]
) -> Callable[[], dict[str, Any]]:
    """Start a call of any client; its response is awaited or raised when the result is called.

    A client that cannot start one makes the call then.
    """
    if hasattr(client, "begin"):
        begun: Callable[[], dict[str, Any]] = client.begin(operation, arguments)
        return begun
    return partial(client._make_api_call, operation, arguments)  # noqa: SLF001 - as PynamoDB calls it


class FastClient:
    """Wraps a botocore `client` of a JSON service.

    Keeps up to `idle` connections open, as many as calls are begun at once.
    """

    def __init__(
        self,
        client: Any,
        *,
        clock: Callable[[], float] = wall_clock,
        idle: int = IDLE_CONNECTIONS,
    ) -> None:
        meta = client.meta
        told = meta.service_model.metadata
        self._client, self._clock = client, clock
        self._url = f"{meta.endpoint_url.rstrip('/')}/"
        self._service = meta.service_model.service_id.hyphenize()
        self._target = told["targetPrefix"]
        self._connections = KeptConnections(self._url, idle=idle)
        self._signer = Signer(
            meta.service_model.signing_name,
            meta.region_name,
            host=self._connections.host,
            content_type=f"application/x-amz-json-{told['jsonVersion']}",
        )

    def __getattr__(self, name: str) -> Any:
        operation = self._client.meta.method_to_api_mapping.get(name)
        if operation is None:
            return getattr(self._client, name)
        return lambda **arguments: self._make_api_call(operation, arguments)

    def _make_api_call(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The response of `operation`. Raises as the client does."""
        return self.begin(operation, arguments)()

    def begin(self, operation: str, arguments: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """Start a call; its response is awaited or raised when the result is called."""
        try:
            asked = self._send(operation, _encoder.encode(arguments))
        except OSError:
            return partial(self._by_botocore, operation, arguments)
        return partial(self._answer, operation, arguments, asked)

    def _answer(
        self, operation: str, arguments: Mapping[str, Any], asked: Callable[[], tuple[int, bytes]]
    ) -> dict[str, Any]:
        try:
            status, body = asked()
            if status == 200:
                return response_decoder.read(operation, body)
            refusal = response_decoder.read_refusal(body)
        except (OSError, msgspec.DecodeError):
            return self._by_botocore(operation, arguments)
        if refusal.get("__type", "").endswith(_CONDITION_FAILED):
            message = refusal.get("message", "")
            raise ClientError({"Error": {"Code": _CONDITION_FAILED, "Message": message}}, operation)
        return self._by_botocore(operation, arguments)

    def _by_botocore(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._client._make_api_call(operation, arguments)  # noqa: SLF001 - as PynamoDB calls it
        return found

    def _send(self, operation: str, body: bytes) -> Callable[[], tuple[int, bytes]]:
        credentials = self._client._get_credentials().get_frozen_credentials()  # noqa: SLF001 - they expire, and are renewed there
        target = f"{self._target}.{operation}"
        signed = self._signer.headers(target, body, credentials, now=self._clock())
        headers: Any = {**signed, **trace_header()}
        # Hooks on the client's requests, such as moto's, may respond instead of the service.
        request = AWSPreparedRequest("POST", self._url, headers, body, stream_output=False)
        event = f"before-send.{self._service}.{operation}"
        for _, answer in self._client.meta.events.emit(event, request=request):
            if answer is not None:
                return partial(_told, answer)
        return self._connections.ask(body, headers)


def trace_header() -> Mapping[str, str]:
    """The header by which Lambda counts the functions in a chain of requests, as botocore sends it.

    Not signed. Empty outside Lambda. Source:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    trace = os.environ.get("_X_AMZN_TRACE_ID")
    if not trace or "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return {}
    return {"X-Amzn-Trace-Id": quote(trace, safe="-=;:+&[]{}\"',")}


def _told(answer: Any) -> tuple[int, bytes]:
    return answer.status_code, answer.content
