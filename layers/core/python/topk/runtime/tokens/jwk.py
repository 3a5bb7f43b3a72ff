"""A public key of a key set (RFC 7517, RFC 7518), which verifies signatures.

With `cryptography` alone: joserfc takes five times as long to import, which every cold start of
a function behind the API would pay (docs/adr/0112).
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Algorithm = Literal["RS256", "RS384", "RS512", "ES256"]
_HASHES: Mapping[str, str] = {
    "RS256": "SHA256",
    "RS384": "SHA384",
    "RS512": "SHA512",
    "ES256": "SHA256",
}
_KIND = {"RS": "RSA", "ES": "EC"}
LATE_MODULES = (
    "cryptography.exceptions",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.padding",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "cryptography.hazmat.primitives.asymmetric.utils",
)
"""What the first token imports."""
_LEAST_BITS = 2048
"""RFC 7518, section 3.3."""
_MOST_BITS = 8192
_COORDINATE = 32
"""Bytes of a coordinate, and of each half of a signature, on P-256."""


@dataclass(frozen=True, slots=True)
class Key:
    """Verifies the algorithms of its kind, or only the one that the key set gives."""

    public: Any
    kind: str
    only: str = ""

    def knows(self, algorithm: str) -> bool:
        """Whether the key can verify signatures by `algorithm`."""
        if algorithm not in _HASHES or self.only not in {"", algorithm}:
            return False
        return _KIND[algorithm[:2]] == self.kind

    def verifies(self, algorithm: str, signature: bytes, signed: bytes) -> bool:
        """Whether `signature` is this key's of `signed` by `algorithm`."""
        if not self.knows(algorithm):
            return False
        check = _rsa_verifies if self.kind == "RSA" else _ec_verifies
        return check(self.public, algorithm, signature, signed)


def key_of(jwk: Mapping[str, Any]) -> Key | None:
    """The key; None if it cannot verify the signature of a token."""
    if jwk.get("use", "sig") != "sig" or "verify" not in jwk.get("key_ops", ["verify"]):
        return None
    try:
        if jwk.get("kty") == "RSA":
            return _rsa(jwk)
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            return _ec(jwk)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return None


def decoded(text: str) -> bytes:
    """Base64url without padding (RFC 7515, section 2). Raises ValueError for anything else."""
    if "=" in text or not text.isascii():
        raise ValueError("not base64url")
    try:
        # The alphabet is strict, unlike that of `urlsafe_b64decode`.
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise ValueError("not base64url")
    return raw


def _rsa(jwk: Mapping[str, Any]) -> Key | None:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    public: RSAPublicKey = RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
    if not _LEAST_BITS <= public.key_size <= _MOST_BITS:
        return None
    return Key(public, "RSA", str(jwk.get("alg", "")))


def _ec(jwk: Mapping[str, Any]) -> Key:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        SECP256R1,
        EllipticCurvePublicNumbers,
    )

    numbers = EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), SECP256R1())
    return Key(numbers.public_key(), "EC", str(jwk.get("alg", "")))


def _number(text: str) -> int:
    return int.from_bytes(decoded(text), "big")


def _rsa_verifies(public: "RSAPublicKey", algorithm: str, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    try:
        public.verify(signature, signed, PKCS1v15(), getattr(hashes, _HASHES[algorithm])())
    except InvalidSignature:
        return False
    return True


def _ec_verifies(
    public: "EllipticCurvePublicKey", algorithm: str, signature: bytes, signed: bytes
) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if len(signature) != 2 * _COORDINATE:
        return False
    halves = signature[:_COORDINATE], signature[_COORDINATE:]
    encoded = encode_dss_signature(*(int.from_bytes(half, "big") for half in halves))
    try:
        public.verify(encoded, signed, ECDSA(getattr(hashes, _HASHES[algorithm])()))
    except InvalidSignature:
        return False
    return True
