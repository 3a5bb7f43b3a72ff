"""The table of tenants, as operators read and write it. Functions only read it.

See topk/stores/tables/tenants.py for its rows. Each change is written together with a row
`change#<version>`: who made it, when, and the declaration before.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from topk.stores.tables.tenants import CURRENT, Status, TenantRow

_CHANGE = "change#"
_Item = dict[str, dict[str, str]]


class ChangedMeanwhileError(Exception):
    """Another change was first, or another tenant has a claim of this one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change, made by `by` at `at` (epoch seconds). `before` is the declaration until then,
    empty for a new tenant.
    """

    version: int
    what: str
    by: str
    at: int
    before: str = ""


@dataclass(frozen=True, slots=True)
class TenantTable:
    """`dynamodb` is a client. Raises botocore's errors if the table fails."""

    dynamodb: Any
    name: str

    def read(self, tenant: str) -> TenantRow | None:
        answer = self.dynamodb.get_item(
            TableName=self.name, Key=_key(tenant, CURRENT), ConsistentRead=True
        )
        item = answer.get("Item")
        return _row(item) if item else None

    def tenants(self) -> Iterator[TenantRow]:
        """All tenants by name; reads the whole table."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.name,
            FilterExpression="attribute_exists(#status)",
            ExpressionAttributeNames={"#status": "status"},
        )
        yield from sorted(
            (_row(item) for page in pages for item in page["Items"]), key=lambda one: one.name
        )

    def changes(self, tenant: str) -> Iterator[Change]:
        """The latest first."""
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="tenant = :tenant AND begins_with(part, :change)",
            ExpressionAttributeValues={":tenant": {"S": tenant}, ":change": {"S": _CHANGE}},
            ScanIndexForward=False,
        )
        for page in pages:
            yield from map(_change, page["Items"])

    def write(
        self,
        row: TenantRow,
        change: Change,
        *,
        is_new: bool,
        claims: Iterable[str],
        given_up: Iterable[str] = (),
    ) -> None:
        """Write `row` as version `change.version`, the change and the claims, or nothing.

        Raises ChangedMeanwhileError.
        """
        first = _IS_NEW if is_new else _of_version(change.version - 1)
        puts = [
            self._put(_item_of(row, change.version), first),
            self._put(_item_of_change(row.name, change), _IS_NEW),
            *(self._put(_claim(claim, row.name), _of_tenant(row.name)) for claim in claims),
        ]
        self._transact([*puts, *map(self._delete, given_up)])

    def remove(self, row: TenantRow, change: Change, *, claims: Iterable[str]) -> None:
        """Delete the tenant and its claims; its changes stay. Raises ChangedMeanwhileError."""
        gone = {
            "Delete": {
                "TableName": self.name,
                "Key": _key(row.name, CURRENT),
                **_of_version(change.version - 1),
            }
        }
        noted = self._put(_item_of_change(row.name, change), _IS_NEW)
        self._transact([gone, noted, *map(self._delete, claims)])

    def _transact(self, writes: list[dict[str, Any]]) -> None:
        try:
            self.dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                raise ChangedMeanwhileError from error
            raise

    def _put(self, item: _Item, condition: Mapping[str, Any]) -> dict[str, Any]:
        return {"Put": {"TableName": self.name, "Item": item, **condition}}

    def _delete(self, claim: str) -> dict[str, Any]:
        return {"Delete": {"TableName": self.name, "Key": _key(claim, CURRENT)}}


_IS_NEW: Mapping[str, Any] = {"ConditionExpression": "attribute_not_exists(tenant)"}


def _of_version(version: int) -> Mapping[str, Any]:
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": {":version": {"N": str(version)}},
    }


def _of_tenant(name: str) -> Mapping[str, Any]:
    return {
        "ConditionExpression": "attribute_not_exists(tenant) OR served = :name",
        "ExpressionAttributeValues": {":name": {"S": name}},
    }


def _key(tenant: str, part: str) -> _Item:
    return {"tenant": {"S": tenant}, "part": {"S": part}}


def _claim(claim: str, tenant: str) -> _Item:
    return {**_key(claim, CURRENT), "served": {"S": tenant}}


def _item_of(row: TenantRow, version: int) -> _Item:
    return {
        **_key(row.name, CURRENT),
        "served": {"S": row.served},
        "declared": {"S": row.declared},
        "status": {"S": row.status},
        "version": {"N": str(version)},
    }


def _item_of_change(tenant: str, change: Change) -> _Item:
    before = {"declared": {"S": change.before}} if change.before else {}
    return {
        **_key(tenant, f"{_CHANGE}{change.version:010}"),
        "what": {"S": change.what},
        "by": {"S": change.by},
        "at": {"N": str(change.at)},
        **before,
    }


def _row(item: _Item) -> TenantRow:
    status: Status = item["status"]["S"]  # type: ignore[assignment]
    return TenantRow(
        item["tenant"]["S"],
        item["served"]["S"],
        item["declared"]["S"],
        status,
        int(item["version"]["N"]),
    )


def _change(item: _Item) -> Change:
    return Change(
        int(item["part"]["S"].removeprefix(_CHANGE)),
        item["what"]["S"],
        item["by"]["S"],
        int(item["at"]["N"]),
        item.get("declared", {"S": ""})["S"],
    )
