"""Serves the account over HTTP, for the services with a JSON protocol: all except S3.

Signatures are not checked.
"""

import asyncio
import base64
import json
import zlib
from typing import Any

from aiohttp import web

from simulator.aws.account import Aws
from simulator.aws.errors import AwsError, NotSimulatedError
from simulator.aws.latency import Latencies

_SERVICES = {
    "DynamoDB_20120810": "dynamodb",
    "AmazonSQS": "sqs",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
    "AWSEvents": "events",
}
_BINARY = {"B", "CiphertextBlob"}
"""Members that are base64 text in JSON: binary attributes and KMS blobs."""


async def answer(
    aws: Aws, request: web.Request, latencies: Latencies | None = None
) -> web.Response:
    """The response to a POST with an X-Amz-Target header, after the latency of the call."""
    prefix, _, operation = request.headers["X-Amz-Target"].partition(".")
    asked = json.loads(await request.read(), object_hook=_decoded)
    service = _SERVICES[prefix]
    if latencies:
        await asyncio.sleep(latencies.seconds(service, operation))
    try:
        return _response(aws.call(service, operation, asked))
    except AwsError as error:
        refusal = {"__type": f"com.amazonaws.{prefix}#{error.code}", "message": str(error)}
        return _response(refusal | error.details, status=400)
    except NotSimulatedError as error:
        return _response({"__type": "NotSimulated", "message": str(error)}, status=501)


def _decoded(found: dict[str, Any]) -> dict[str, Any]:
    for name in _BINARY & found.keys():
        if isinstance(found[name], str):
            found[name] = base64.b64decode(found[name])
    if isinstance(found.get("BS"), list):
        found["BS"] = [base64.b64decode(member) for member in found["BS"]]
    return found


def _encoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


def _response(body: dict[str, Any], status: int = 200) -> web.Response:
    text = json.dumps(body, separators=(",", ":"), default=_encoded).encode()
    return web.Response(
        body=text,
        status=status,
        content_type="application/x-amz-json-1.0",
        headers={"x-amz-crc32": str(zlib.crc32(text)), "x-amzn-RequestId": "R" * 52},
    )
