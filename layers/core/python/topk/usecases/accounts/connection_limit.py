"""The limit of connections for each user."""

from topk.domain.errors import LimitReachedError
from topk.domain.owner import Owner
from topk.usecases.ports import Connections


def enforce_limit(
    owner: Owner, provider: str, *, connections: Connections, most: int, consistent: bool = False
) -> None:
    """Raises LimitReachedError if the owner already has `most` connections to other providers."""
    found = connections.of_owner(owner, consistent=consistent)
    if len({one.provider for one in found} - {provider}) >= most:
        raise LimitReachedError("provider", most)
