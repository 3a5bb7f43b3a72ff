"""Stand for botocore's clients of KMS and Secrets Manager."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from cli.chaos_run.wire import Wire, failure


class Kms:
    """A wrapped key is its number; the key itself is derived from it and its context."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._made = 0

    def generate_data_key(self, **call: Any) -> dict[str, Any]:
        def effect() -> dict[str, Any]:
            self._made += 1
            wrapped = f"wrapped-{self._made}".encode()
            return {"Plaintext": _key(wrapped, call), "CiphertextBlob": wrapped}

        return self._wire.call("kms", "GenerateDataKey", effect, writes=False)

    def decrypt(self, **call: Any) -> dict[str, Any]:
        def effect() -> dict[str, Any]:
            return {"Plaintext": _key(call["CiphertextBlob"], call)}

        return self._wire.call("kms", "Decrypt", effect, writes=False)


def _key(wrapped: bytes, call: Mapping[str, Any]) -> bytes:
    context = json.dumps(call["EncryptionContext"], sort_keys=True).encode()
    return blake2b(wrapped + context, digest_size=32).digest()


class SecretsManager:
    def __init__(self, wire: Wire, secrets: Mapping[str, Mapping[str, str]]) -> None:
        self._wire = wire
        self._secrets = secrets

    def get_secret_value(self, **call: Any) -> dict[str, Any]:
        name = call["SecretId"]

        def effect() -> dict[str, Any]:
            if name not in self._secrets:
                raise failure("GetSecretValue", "ResourceNotFoundException")
            return {"SecretString": json.dumps(self._secrets[name])}

        return self._wire.call("secretsmanager", f"GetSecretValue {name}", effect, writes=False)
