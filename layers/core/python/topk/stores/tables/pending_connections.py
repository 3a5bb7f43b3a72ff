"""Pending connections, beside the handshakes they come from: each can be taken once."""

from topk.domain.account.handshake import hash_of
from topk.domain.account.pending_connection import PendingConnection
from topk.domain.errors import ConflictError, HandshakeError
from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import HandshakeModel


class PendingConnections:
    """Raises StoreError if the table fails."""

    def put(self, pending: PendingConnection) -> None:
        with translated("write pending connection"):
            HandshakeModel(
                pending.confirmation_hash,
                owner=pending.owner.key,
                provider=pending.provider,
                grant=pending.sealed_grant,
                expires_at=pending.expires_at,
            ).save()

    def peek(self, confirmation: str) -> PendingConnection:
        """The connection that waits for `confirmation`, left in place. Raises as `take` does."""
        return _pending(_read(hash_of(confirmation)))

    def take(self, confirmation: str) -> PendingConnection:
        """The connection that waits for `confirmation`, which no one can take again; one that has
        expired too, since its grant is still to be given back.

        Raises HandshakeError where there is none or it was taken before.
        """
        row = _read(hash_of(confirmation))
        waiting = _pending(row)
        try:
            with translated("take pending connection"):
                row.delete(condition=HandshakeModel.state_hash.exists())
        except ConflictError as error:
            raise HandshakeError("confirmation was used before") from error
        return waiting


def _pending(row: HandshakeModel) -> PendingConnection:
    if row.grant is None:
        raise HandshakeError("a state is no confirmation")
    return PendingConnection(
        row.state_hash, Owner.parse(row.owner), row.provider, row.grant, int(row.expires_at)
    )


def _read(key: str) -> HandshakeModel:
    with translated("read pending connection"):
        try:
            return HandshakeModel.get(key, consistent_read=True)
        except HandshakeModel.DoesNotExist as error:
            raise HandshakeError("confirmation is unknown or was used before") from error
