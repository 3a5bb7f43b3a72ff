"""Provider credentials of one run: made here, known to the deployed secrets and to the world."""

import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

Credentials = dict[str, str]
SECRET_BYTES = 24


def generate(fields: Sequence[str]) -> tuple[Credentials, Credentials]:
    """What the service keeps, and what the provider knows of it.

    A `private_key` is an EC P-256 key in PEM, of which the provider knows the `public_key`; what is
    called a secret both know; everything else is a public identifier.
    """
    kept = {
        name: secrets.token_urlsafe(SECRET_BYTES) if name.endswith("secret") else _identifier(name)
        for name in fields
    }
    known = dict(kept)
    if "private_key" in fields:
        key = ec.generate_private_key(ec.SECP256R1())
        kept["private_key"] = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        del known["private_key"]
        known["public_key"] = (
            key.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )
    return kept, known


def _identifier(name: str) -> str:
    # Ten letters and digits, as Apple's team and key ids are.
    return f"{name[:4].upper()}{secrets.token_hex(3).upper()}"
