"""What a function may do with a table: the actions, and no more.

`Table.grant_read_write_data` would add scans, stream reads and table descriptions that no function
of ours makes.
"""

from enum import Enum


class Access(Enum):
    """The DynamoDB actions of one kind of use."""

    READ = ("BatchGetItem", "GetItem", "Query")
    READ_UPDATE = (*READ, "UpdateItem")
    APPEND = ("BatchWriteItem", "PutItem")
    REPLACE = (*READ, *APPEND)
    """To read rows and write others in their place, one batch after the other."""
    NOTE = ("GetItem", "UpdateItem")
    ERASE = ("BatchWriteItem", "DeleteItem", "Query")
    WITHDRAW = ("BatchGetItem", "DeleteItem", "GetItem", "Query", "UpdateItem")
    READ_WRITE = (*READ, *APPEND, "DeleteItem", "UpdateItem")

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(f"dynamodb:{action}" for action in self.value)
