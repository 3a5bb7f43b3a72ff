"""An account that its provider has granted, until the session that began says so too."""

from dataclasses import dataclass

from topk.domain.owner import Owner

CONFIRM_SECONDS = 600


@dataclass(frozen=True, slots=True)
class PendingConnection:
    """Kept under the hash of its confirmation, so that the table never holds a usable one."""

    confirmation_hash: str
    owner: Owner
    provider: str
    sealed_grant: str
    expires_at: int
