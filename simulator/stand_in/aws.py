"""The AWS services that the functions call, as one endpoint: JSON in, JSON out, by X-Amz-Target.

Signatures are not looked at. A key wraps a data key by itself, and a queue keeps no message, since
nobody receives any here; what was sent is counted.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from simulator.stand_in.dynamodb import DynamoDB, RefusedError

Json = dict[str, Any]
CREDENTIALS = {
    "client_id": "fake-client-id",
    "client_secret": "fake-client-secret",
    "push_secret": "fake-push-secret-of-32-characters",
}


class Aws:
    """`sent` counts the messages that queues took."""

    def __init__(self) -> None:
        self.dynamodb = DynamoDB()
        self.sent = 0
        self._others: Mapping[str, Callable[[Json], Json]] = {
            "AmazonSQS.SendMessageBatch": self._send_batch,
            "TrentService.GenerateDataKey": _generate_data_key,
            "TrentService.Decrypt": _decrypt,
            "secretsmanager.GetSecretValue": _secret,
        }

    async def answer(self, request: web.Request) -> web.Response:
        target = request.headers["X-Amz-Target"]
        asked = json.loads(await request.read())
        service, _, operation = target.partition(".")
        try:
            if service.startswith("DynamoDB"):
                return _json(self.dynamodb.call(operation, asked))
            return _json(self._others[target](asked))
        except RefusedError as error:
            refusal = {"__type": f"com.amazonaws.{service}#{error.code}", "message": str(error)}
            return _json(refusal, status=400)

    def _send_batch(self, request: Json) -> Json:
        self.sent += len(request["Entries"])
        taken = [
            {
                "Id": entry["Id"],
                "MessageId": f"00000000-0000-0000-0000-{self.sent:012}",
                "MD5OfMessageBody": _checksum(entry["MessageBody"]),
            }
            for entry in request["Entries"]
        ]
        return {"Successful": taken}


def _checksum(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _generate_data_key(request: Json) -> Json:
    plain = hashlib.sha256(json.dumps(request["EncryptionContext"]).encode()).digest()
    text = base64.b64encode(plain).decode()
    return {"Plaintext": text, "CiphertextBlob": text, "KeyId": request["KeyId"]}


def _decrypt(request: Json) -> Json:
    return {"Plaintext": request["CiphertextBlob"], "KeyId": request["KeyId"]}


def _secret(request: Json) -> Json:
    return {"ARN": request["SecretId"], "SecretString": json.dumps(CREDENTIALS)}


def _json(body: Json, status: int = 200) -> web.Response:
    text = json.dumps(body, separators=(",", ":")).encode()
    return web.Response(
        body=text,
        status=status,
        content_type="application/x-amz-json-1.0",
        headers={"x-amz-crc32": str(zlib.crc32(text)), "x-amzn-RequestId": "R" * 52},
    )
