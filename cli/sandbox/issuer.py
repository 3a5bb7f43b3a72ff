"""The token issuer of the sandbox's tenants: real signatures by a key that everybody knows.

The key is computed from a sentence, so that it is no secret, and the same wherever events are
signed. Tokens verify as those of a real issuer do.
"""

import base64
import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

SENTENCE = b"fake: the key of the sandbox's token issuer"
KEY_ID = "fake-key-of-the-sandbox"
ALGORITHM = "ES256"
_COORDINATE = 32


def signed(claims: Mapping[str, Any]) -> str:
    """A token with `claims`; always the same for the same claims (RFC 6979)."""
    head = f"{_json({'alg': ALGORITHM, 'kid': KEY_ID})}.{_json(claims)}"
    found = _key().sign(head.encode(), ECDSA(SHA256(), deterministic_signing=True))
    halves = (number.to_bytes(_COORDINATE, "big") for number in decode_dss_signature(found))
    return f"{head}.{_text(b''.join(halves))}"


def public_key() -> dict[str, str]:
    """The issuer's public key (a JWK)."""
    numbers = _key().public_key().public_numbers()
    x, y = (_text(number.to_bytes(_COORDINATE, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "kid": KEY_ID, "alg": ALGORITHM, "x": x, "y": y}


def claims_of(token: str) -> dict[str, Any]:
    """The claims of `token`, not verified."""
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


@cache
def _key() -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(sha256(SENTENCE).digest(), "big"), SECP256R1())


def _json(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
