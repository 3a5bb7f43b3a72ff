"""Requests to follow, which expire on their own."""

from collections.abc import Iterator
from contextlib import suppress

from topk.domain.account.edge import Edge
from topk.domain.account.following import FollowRequest
from topk.domain.errors import ConflictError
from topk.domain.limits import REQUEST_SECONDS
from topk.domain.owner import Owner
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import FollowRequestModel
from topk.stores.dynamodb.rows import Row, number
from topk.stores.graph.edges import Edges


class FollowRequests:
    """Raises StoreError if the table fails."""

    def __init__(self) -> None:
        self._edges = Edges(FollowRequestModel)

    def ask(self, edge: Edge, *, now: int) -> None:
        """Create the request. One that exists already stays, and is no longer withdrawn."""
        row = _row(edge)
        row.asked_at, row.expires_at = now, now + REQUEST_SECONDS
        known = FollowRequestModel.owner
        expired = FollowRequestModel.expires_at <= now
        try:
            with translated("write request"):
                row.save(condition=known.does_not_exist() | expired)
        except ConflictError:
            with suppress(ConflictError), translated("write request"):
                _row(edge).update(
                    actions=[FollowRequestModel.withdrawn.remove()], condition=known.exists()
                )

    def withdraw(self, edge: Edge) -> None:
        """Delete the request; a declined one stays, marked. Idempotent."""
        try:
            with translated("write request"):
                _row(edge).delete(condition=FollowRequestModel.declined.does_not_exist())
        except ConflictError:
            self._mark(edge, "withdrawn")

    def decline(self, edge: Edge) -> None:
        """Mark the request, if there is one."""
        self._mark(edge, "declined")

    def remove(self, edge: Edge) -> None:
        with translated("write request"):
            _row(edge).delete()

    def sent(self, owner: Owner, *, now: int) -> list[FollowRequest]:
        """Every request of `owner` that has not expired, the declined and withdrawn ones too."""
        with translated("read requests"):
            found = [
                (row, request_of(row, now)) for row in rows.query(FollowRequestModel, owner.key)
            ]
        return [request for _, request in found if request]

    def received(
        self, owner: Owner, *, after: str | None, limit: int
    ) -> tuple[list[Owner], str | None]:
        """A page of the users who asked to follow `owner`, as `Edges.page_to`."""
        return self._edges.page_to(owner, after=after, limit=limit)

    def all_of(self, owner: Owner) -> Iterator[Owner]:
        return self._edges.all_of(owner)

    def pointing_at(self, owner: Owner) -> Iterator[Owner]:
        return self._edges.pointing_at(owner)

    def erase(self, owner: Owner) -> Iterator[int]:
        """Delete the requests of and to `owner`; yields after each page."""
        return self._edges.erase(owner)

    def _mark(self, edge: Edge, name: str) -> None:
        attribute = getattr(FollowRequestModel, name)
        with suppress(ConflictError), translated("write request"):
            _row(edge).update(
                actions=[attribute.set(1)], condition=FollowRequestModel.owner.exists()
            )


def request_of(row: Row, now: int) -> FollowRequest | None:
    """The request in a row of the table; None if it has expired."""
    if number(row, "expires_at", 0) <= now:
        return None
    follower = Owner.parse(row["owner"]["S"])
    return FollowRequest(
        Edge(follower, Owner(follower.tenant, row["other"]["S"])),
        number(row, "asked_at", 0),
        declined="declined" in row,
        withdrawn="withdrawn" in row,
    )


def _row(edge: Edge) -> FollowRequestModel:
    return FollowRequestModel(edge.follower.key, edge.followed.user)
