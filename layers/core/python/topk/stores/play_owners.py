"""Who has plays: the owners of the table Plays, page by page."""

from collections.abc import Mapping
from typing import Any

from topk.domain.owner import Owner
from topk.stores.failures import translated

Position = Mapping[str, Any]
"""Where a page ended, as DynamoDB tells and takes it. Plain JSON."""


class PlayOwners:
    """Scans `table` through `dynamodb`, a client. Raises StoreError where the table fails.

    Only operators scan; no function may.
    """

    def __init__(self, dynamodb: Any, *, table: str) -> None:
        self._dynamodb, self._table = dynamodb, table

    def page(
        self, after: Position | None, *, rows: int
    ) -> tuple[dict[Owner, int], Position | None]:
        """Owners with how many of their chunks stand on a page of `rows`, and where it ended.

        An owner whose chunks go on stands on the next page too; the position is None at the end.
        """
        start = {"ExclusiveStartKey": after} if after else {}
        with translated("scan plays"):
            answer = self._dynamodb.scan(
                TableName=self._table,
                ProjectionExpression="#owner",
                ExpressionAttributeNames={"#owner": "owner"},
                Limit=rows,
                **start,
            )
        found: dict[Owner, int] = {}
        for item in answer["Items"]:
            owner = Owner.parse(item["owner"]["S"])
            found[owner] = found.get(owner, 0) + 1
        return found, answer.get("LastEvaluatedKey")
