"""KMS and Secrets Manager."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from itertools import count
from typing import Any

from simulator.aws.calls import Answer, Call
from simulator.aws.errors import AwsError, NotSimulatedError

_KEY_BYTES, _SEAL_BYTES = 32, 16


class KMS:
    """Wraps a data key as a number sealed with its encryption context; derives the key from it."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def perform(self, call: Call) -> Answer:
        """Raises AwsError, and NotSimulatedError for an operation that is not here."""
        request, context = call.request, _context(call.request)
        if call.operation == "GenerateDataKey":
            wrapped = _sealed(f"wrapped-{next(self._numbers)}".encode(), context)
        elif call.operation == "Decrypt":
            wrapped = request["CiphertextBlob"]
            if wrapped != _sealed(wrapped[_SEAL_BYTES:], context):
                raise AwsError("InvalidCiphertextException")
        else:
            raise NotSimulatedError(f"KMS's {call.operation}")
        key = blake2b(wrapped, digest_size=_KEY_BYTES).digest()
        return {"Plaintext": key, "CiphertextBlob": wrapped, "KeyId": request["KeyId"]}


def _context(request: Mapping[str, Any]) -> bytes:
    return json.dumps(request.get("EncryptionContext") or {}, sort_keys=True).encode()


def _sealed(number: bytes, context: bytes) -> bytes:
    return blake2b(number + context, digest_size=_SEAL_BYTES).digest() + number


class SecretsManager:
    """`secrets` maps a name to a JSON object."""

    def __init__(self) -> None:
        self.secrets: dict[str, Mapping[str, Any]] = {}

    def perform(self, call: Call) -> Answer:
        """Raises AwsError, and NotSimulatedError for an operation that is not here."""
        if call.operation != "GetSecretValue":
            raise NotSimulatedError(f"Secrets Manager's {call.operation}")
        name = call.request["SecretId"]
        if name not in self.secrets:
            raise AwsError("ResourceNotFoundException")
        return {"ARN": name, "Name": name, "SecretString": json.dumps(self.secrets[name])}
