"""An OAuth handshake that has started and not returned yet."""

import hashlib
from dataclasses import dataclass, field

from topk.domain.owner import Owner

LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Handshake:
    """Stored under the hash of its `state`, so that the table contains no usable one."""

    state_hash: str
    owner: Owner
    provider: str
    code_verifier: str = field(repr=False)
    redirect_uri: str
    return_to: str
    """The tenant's return address."""
    expires_at: int


def hash_of(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
