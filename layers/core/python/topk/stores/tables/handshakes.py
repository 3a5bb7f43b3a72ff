"""Handshakes: each can be taken once."""

from collections.abc import Iterator
from itertools import islice

from topk.domain.account.handshake import Handshake, hash_of
from topk.domain.errors import ConflictError, HandshakeError
from topk.domain.owner import Owner
from topk.stores.dynamodb.delete_partition import delete_all
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import HandshakeModel

_PAGE = 100


class Handshakes:
    """Raises StoreError if the table fails."""

    def put(self, handshake: Handshake) -> None:
        with translated("write handshake"):
            HandshakeModel(
                handshake.state_hash,
                owner=handshake.owner.key,
                provider=handshake.provider,
                code_verifier=handshake.code_verifier,
                redirect_uri=handshake.redirect_uri,
                return_to=handshake.return_to,
                expires_at=handshake.expires_at,
            ).save()

    def peek(self, state: str, *, now: int) -> Handshake:
        """The handshake begun with `state`, left in place. Raises HandshakeError as `take` does."""
        return _handshake(_read(state), now)

    def take(self, state: str, *, now: int) -> Handshake:
        """The handshake begun with `state`, which no one can take again.

        Raises HandshakeError where it is unknown, was taken before or has expired at `now`.
        """
        row = _read(state)
        try:
            with translated("take handshake"):
                row.delete(condition=HandshakeModel.state_hash.exists())
        except ConflictError as error:
            raise HandshakeError("state was used before") from error
        return _handshake(row, now)

    def of_owner(self, owner: Owner) -> list[Handshake]:
        """Those that `owner` has begun and not come back from, expired ones included, in order."""
        with translated("read handshakes"):
            keys = [row.state_hash for row in HandshakeModel.by_owner.query(owner.key)]
            found = [_unpacked(row) for row in HandshakeModel.batch_get(keys)]
        # One that waits for its confirmation has no way back any more.
        return sorted(found, key=lambda one: (one.expires_at, one.provider, one.redirect_uri or ""))

    def erase(self, owner: Owner) -> Iterator[int]:
        """Erases the owner's handshakes; yields after each page."""
        rows = iter(HandshakeModel.by_owner.query(owner.key))
        with translated("read handshakes"):
            while page := list(islice(rows, _PAGE)):
                yield delete_all(HandshakeModel, page)


def _read(state: str) -> HandshakeModel:
    with translated("read handshake"):
        try:
            return HandshakeModel.get(hash_of(state), consistent_read=True)
        except HandshakeModel.DoesNotExist as error:
            raise HandshakeError("state is unknown or was used before") from error


def _handshake(row: HandshakeModel, now: int) -> Handshake:
    if row.code_verifier is None:
        raise HandshakeError("state is a confirmation")
    if row.expires_at <= now:
        raise HandshakeError("state has expired")
    return _unpacked(row)


def _unpacked(row: HandshakeModel) -> Handshake:
    return Handshake(
        state_hash=row.state_hash,
        owner=Owner.parse(row.owner),
        provider=row.provider,
        code_verifier=row.code_verifier,
        redirect_uri=row.redirect_uri,
        return_to=row.return_to,
        expires_at=int(row.expires_at),
    )
