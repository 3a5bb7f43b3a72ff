"""The owners in the table Plays, page by page."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from topk.domain.owner import Owner
from topk.stores.dynamodb.error_mapping import translated

Position = Mapping[str, Any]
"""Where a page ended, as DynamoDB tells and takes it. Plain JSON."""


class PlayOwners:
    """Scans `table` through `dynamodb`, a client. Raises StoreError where the table fails.

    Only operators scan; no function may. Of several `segments`, each with its own owners, one scans
    the given one, counted from 0.
    """

    def __init__(self, dynamodb: Any, *, table: str, segment: int = 0, segments: int = 1) -> None:
        self._dynamodb, self._table = dynamodb, table
        self._share = {"Segment": segment, "TotalSegments": segments} if segments > 1 else {}

    def page(
        self, after: Position | None, *, rows: int
    ) -> tuple[dict[Owner, int], Position | None]:
        """Owners with how many of their chunks stand on a page of `rows`, and where it ended.

        An owner whose chunks go on stands on the next page too; the position is None at the end.
        """
        keys, end = self.keys(after, rows=rows)
        return dict(Counter(owner for owner, _ in keys)), end

    def keys(
        self, after: Position | None, *, rows: int
    ) -> tuple[list[tuple[Owner, str]], Position | None]:
        """The keys (owner, range key) of the chunks on a page of `rows`, and where it ended."""
        start = {"ExclusiveStartKey": after} if after else {}
        with translated("scan plays"):
            answer = self._dynamodb.scan(
                TableName=self._table,
                ProjectionExpression="#owner, #chunk",
                ExpressionAttributeNames={"#owner": "owner", "#chunk": "chunk"},
                Limit=rows,
                **self._share,
                **start,
            )
        keys = [(Owner.parse(one["owner"]["S"]), one["chunk"]["S"]) for one in answer["Items"]]
        return keys, answer.get("LastEvaluatedKey")
