"""A granted account that waits for the user's confirmation."""

from dataclasses import dataclass

from topk.domain.owner import Owner

CONFIRM_SECONDS = 600


@dataclass(frozen=True, slots=True)
class PendingConnection:
    """Stored under the hash of its confirmation, so that the table contains no usable one."""

    confirmation_hash: str
    owner: Owner
    provider: str
    sealed_grant: str
    expires_at: int
