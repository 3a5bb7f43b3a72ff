"""A connection that a user has begun and not yet come back from."""

import hashlib
from dataclasses import dataclass, field

from topk.domain.owner import Owner

LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Handshake:
    """Kept under the hash of its `state`, so that the table never holds a usable one."""

    state_hash: str
    owner: Owner
    provider: str
    code_verifier: str = field(repr=False)
    redirect_uri: str
    return_to: str
    """Where the browser goes in the end: one of the tenant's own addresses."""
    expires_at: int


def hash_of(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
