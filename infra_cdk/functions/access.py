"""Table grants: single DynamoDB actions.

`Table.grant_read_write_data` would add scans, stream reads and table descriptions. Every action
here is used by the function's code: a test removes each and sees the function fail.
"""

from enum import Flag, auto


class Access(Flag):
    """DynamoDB actions, combined with `|`."""

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
