"""What a function may do with a table: the actions, and no more.

`Table.grant_read_write_data` would add scans, stream reads and table descriptions that no function
of ours makes. Every action here is one that the function's own code uses: a test takes each away
and sees the function fail.
"""

from enum import Flag, auto


class Access(Flag):
    """DynamoDB actions, to be joined by `|`."""

    GET = auto()
    BATCH_GET = auto()
    QUERY = auto()
    PUT = auto()
    BATCH_WRITE = auto()
    UPDATE = auto()
    DELETE = auto()

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(f"dynamodb:{_ACTIONS[one]}" for one in Access if one in self)


_ACTIONS = {
    Access.GET: "GetItem",
    Access.BATCH_GET: "BatchGetItem",
    Access.QUERY: "Query",
    Access.PUT: "PutItem",
    Access.BATCH_WRITE: "BatchWriteItem",
    Access.UPDATE: "UpdateItem",
    Access.DELETE: "DeleteItem",
}
