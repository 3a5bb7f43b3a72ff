"""Top lists: one small row for each owner, written only when it changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from topk.clock import wall_clock
from topk.domain.owner import Owner
from topk.domain.song.marks import FIRST_RULE
from topk.domain.toplist.top_list import TopList
from topk.stores.codecs.list_format import decode, encode
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.delete_partition import erase_partition
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import TopListModel
from topk.stores.dynamodb.rows import Row, number

WINDOW = "7d"


class TopLists:
    """Raises StoreError where the table fails. `shadow` is shown every list that was written.

    Versions count up from the milliseconds of `clock` at which the first was written, so that a
    list that was lost or erased, and is there again, is in a higher one than ever before.
    """

    def __init__(
        self,
        shadow: Callable[[TopList], None] = lambda _: None,
        *,
        clock: Callable[[], float] = wall_clock,
    ) -> None:
        self._shadow, self._clock = shadow, clock

    def get(self, owner: Owner) -> tuple[TopList | None, int]:
        """The list as last written and its version; None and 0 where there is none."""
        with translated("read top list"):
            row = rows.get(TopListModel, (owner.key, WINDOW))
        return (top_list(row), number(row, "version", 0)) if row else (None, 0)

    def get_many(self, owners: Sequence[Owner]) -> Mapping[Owner, tuple[TopList, int]]:
        """As `get`, of those of `owners` that have a list."""
        keys = [(owner.key, WINDOW) for owner in owners]
        with translated("read top lists"):
            return {
                Owner.parse(row["owner"]["S"]): (top_list(row), number(row, "version", 0))
                for row in rows.get_many(TopListModel, keys)
            }

    def put(self, owner: Owner, found: TopList, *, replacing: int) -> None:
        """Writes the list over version `replacing` (0: none yet).

        Raises ConflictError where another writer was first.
        """
        self.begin_put(owner, found, replacing=replacing)()

    def begin_put(self, owner: Owner, found: TopList, *, replacing: int) -> Callable[[], None]:
        """As `put`, started; awaited when the result is called."""
        version = replacing + 1 if replacing else int(self._clock() * 1000)
        row: dict[str, dict[str, Any]] = {
            "owner": {"S": owner.key},
            "window": {"S": WINDOW},
            "body": {"B": encode(found)},
            "as_of": {"S": found.as_of.isoformat()},
            "time_zone": {"S": found.time_zone},
            "version": {"N": str(version)},
        }
        if found.rule != FIRST_RULE:
            row["rule"] = {"N": str(found.rule)}
        if (latest := found.latest) is not None:
            row["latest"] = {"N": str(latest)}
        condition: dict[str, Any] = {
            "ConditionExpression": "#0 = :0" if replacing else "attribute_not_exists (#0)",
            "ExpressionAttributeNames": {"#0": "version"},
        }
        if replacing:
            condition["ExpressionAttributeValues"] = {":0": {"N": str(replacing)}}
        with translated("write top list"):
            written = rows.begin_put(TopListModel, row, condition)

        def put() -> None:
            with translated("write top list"):
                written()
            self._shadow(found)

        return put

    def erase(self, owner: Owner) -> Iterator[int]:
        """Erases the owner's lists; yields after each page."""
        return erase_partition(TopListModel, owner)


def top_list(row: Row) -> TopList:
    found = decode(
        row["body"]["B"],
        as_of=date.fromisoformat(row["as_of"]["S"]),
        time_zone=row["time_zone"]["S"],
        complete_days=number(row, "complete_days", 0),
    )
    rule = number(row, "rule", FIRST_RULE)
    return found if rule == found.rule else replace(found, rule=rule)
