"""How pairs of users stand to each other, in one round trip over four tables."""

from collections.abc import Sequence
from typing import Any

from pynamodb.models import Model

from topk.domain.account.edge import Edge
from topk.domain.account.following import Pair
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import BlockModel, FollowModel, FollowRequestModel, ProfileModel
from topk.stores.dynamodb.rows import Row, key_names, key_of, of_batch
from topk.stores.graph.follow_requests import request_of
from topk.stores.tables.profiles import profile

MOST_PAIRS = 20
"""Each takes up to five of the 100 keys that DynamoDB takes in a call."""
_TRIES = 4
_Key = tuple[type[Model], tuple[str, ...]]


class Pairs:
    """`client` is DynamoDB's. Raises StoreError if a table fails."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def of(self, edges: Sequence[Edge], *, now: int) -> list[Pair]:
        """The pairs of up to MOST_PAIRS `edges`, in their order, as last written."""
        found = self._get({key for edge in edges for key in _keys(edge)})
        return [_pair(edge, found, now) for edge in edges]

    def _get(self, keys: set[_Key]) -> dict[_Key, Row]:
        asked: dict[str, Any] = {}
        models: dict[str, type[Model]] = {}
        for model, key in keys:
            table = str(model.Meta.table_name)
            models[table] = model
            of_table = asked.setdefault(table, {"Keys": [], "ConsistentRead": True})
            of_table["Keys"].append(key_of(model, key))
        with translated("read pairs"):
            rows = of_batch(self._client, asked, tries=_TRIES)
        return {
            (models[table], tuple(row[name]["S"] for name in key_names(models[table]))): row
            for table, row in rows
        }


def _keys(edge: Edge) -> tuple[_Key, _Key, _Key, _Key, _Key]:
    one, other = edge.follower, edge.followed
    return (
        (ProfileModel, (other.key,)),
        (FollowModel, (one.key, other.user)),
        (FollowRequestModel, (one.key, other.user)),
        (BlockModel, (one.key, other.user)),
        (BlockModel, (other.key, one.user)),
    )


def _pair(edge: Edge, rows: dict[_Key, Row], now: int) -> Pair:
    chosen, follows, asked, *blocks = (rows.get(key) for key in _keys(edge))
    return Pair(
        edge,
        profile=profile(chosen) if chosen else None,
        follows=follows is not None,
        agreed_at=int(follows["agreed_at"]["N"]) if follows and "agreed_at" in follows else None,
        blocked=any(block is not None for block in blocks),
        request=request_of(asked, now) if asked else None,
    )
