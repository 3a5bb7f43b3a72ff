"""Provider credentials of one run, shared by the deployed secrets and the simulated world."""

import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

Credentials = dict[str, str]
SECRET_BYTES = 24


def generate(fields: Sequence[str]) -> tuple[Credentials, Credentials]:
    """The service's credentials, and the provider's counterpart.

    A `private_key` is an EC P-256 key in PEM, whose `public_key` the provider has. Both sides have
    the fields named secret. Everything else is a public identifier.
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
