"""Many follow edges at once, each written together with the count of followers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.errors import ConflictError, StoreError
from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import FollowModel, ProfileModel

_CONFLICTS = {"ConditionalCheckFailed", "TransactionConflict"}


class Graph:
    """`connection` is PynamoDB's. Raises StoreError where a table fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def present(self, edges: Iterable[Edge]) -> Mapping[Edge, int | None]:
        """Those of `edges` that exist, each with when its users agreed on it; None if the host app
        set it.
        """
        keys = [(edge.follower.key, edge.followed.user) for edge in edges]
        with translated("read edges"):
            rows = list(FollowModel.batch_get(keys, consistent_read=True))
        return {_edge(row): _agreed_at(row) for row in rows}

    def apply(self, changes: Sequence[EdgeChange]) -> None:
        """Writes all `changes` with what they do to the counts, or nothing.

        At most 50, of as many edges: a transaction takes 100 items. Raises ConflictError where an
        edge that is to come is there, one that is to go is not, or another writer is at a row.
        """
        counts = Counter[Owner]()
        try:
            with TransactWrite(connection=self._connection) as transaction:
                for change in changes:
                    _write(transaction, change)
                    if not change.takes_over:
                        counts[change.edge.followed] += 1 if change.follows else -1
                for owner, by in counts.items():
                    if by:
                        row = ProfileModel(owner.key)
                        transaction.update(row, actions=[ProfileModel.followers.add(by)])
        except TransactWriteError as error:
            reasons = {reason.code for reason in error.cancellation_reasons if reason}
            if reasons & _CONFLICTS:
                raise ConflictError("write edges") from error
            raise StoreError(f"write edges: {error.cause_response_code}") from error


def _write(transaction: TransactWrite, change: EdgeChange) -> None:
    row = FollowModel(change.edge.follower.key, change.edge.followed.user)
    agreed_at = FollowModel.agreed_at
    if change.takes_over:
        transaction.save(row, condition=agreed_at.exists())
    elif change.follows:
        row.agreed_at = change.agreed_at
        transaction.save(row, condition=FollowModel.owner.does_not_exist())
    elif change.agreed_at is not None:
        transaction.delete(row, condition=agreed_at == change.agreed_at)
    else:
        transaction.delete(row, condition=FollowModel.owner.exists())


def _agreed_at(row: FollowModel) -> int | None:
    return None if row.agreed_at is None else int(row.agreed_at)


def _edge(row: FollowModel) -> Edge:
    follower = Owner.parse(row.owner)
    return Edge(follower, Owner(follower.tenant, row.other))
