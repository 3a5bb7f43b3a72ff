"""Changes of items, and the stream records that DynamoDB makes of them.

Source: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.aws.dynamodb.item_size import Item


@dataclass(frozen=True, slots=True)
class Change:
    """A write to one item of `table`; None for an item that does not exist."""

    table: str
    key_names: tuple[str, ...]
    before: Item | None
    after: Item | None

    @property
    def event(self) -> str:
        """INSERT, MODIFY or REMOVE; empty if nothing changed, for which streams have no record."""
        if self.before == self.after:
            return ""
        if self.before is None:
            return "INSERT"
        return "REMOVE" if self.after is None else "MODIFY"

    @property
    def keys(self) -> Item:
        item = self.after or self.before or {}
        return {name: item[name] for name in self.key_names}

    def record(self, number: int) -> dict[str, Any]:
        """The record in a keys-only stream; `number` counts the records of the shard."""
        return {
            "eventName": self.event,
            "eventSource": "aws:dynamodb",
            "dynamodb": {"Keys": self.keys, "SequenceNumber": f"{number:021}"},
        }


OnChange = Callable[[Change], None]
