"""Stands for botocore's client of DynamoDB, with the calls that the stores make."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cli.chaos_run.expressions import Item, condition
from cli.chaos_run.faults import Fault
from cli.chaos_run.tables import LAG_SECONDS, ConditionFailedError, Key, Table
from cli.chaos_run.wire import Wire, failure

_READS = frozenset({"GetItem", "BatchGetItem", "Query"})
_SHOWN = 60


class DynamoDb:
    _request_signer = None

    def __init__(self, wire: Wire, tables: Mapping[str, Table]) -> None:
        self._wire = wire
        self.tables = tables

    def batch_get_item(self, **call: Any) -> dict[str, Any]:
        return self._make_api_call("BatchGetItem", call)

    def _make_api_call(self, operation: str, call: Mapping[str, Any]) -> dict[str, Any]:
        """The call that botocore's clients and PynamoDB make under this name."""
        act: Callable[[Mapping[str, Any]], dict[str, Any]] = getattr(self, f"_{_snake(operation)}")
        what = f"{operation} {_about(call, self.tables)}"

        def effect() -> dict[str, Any]:
            try:
                return act(call)
            except ConditionFailedError:
                raise failure(operation, "ConditionalCheckFailedException") from None

        return self._wire.call("dynamodb", what, effect, writes=operation not in _READS)

    def _get_item(self, call: Mapping[str, Any]) -> dict[str, Any]:
        table = self.tables[call["TableName"]]
        found = table.get(table.key(call["Key"]), moment=self._moment(call))
        return {"Item": found} if found else {}

    def _query(self, call: Mapping[str, Any]) -> dict[str, Any]:
        table = self.tables[call["TableName"]]
        found = table.query(call, self._moment(call))
        start = call.get("ExclusiveStartKey")
        if start:
            backwards = not call.get("ScanIndexForward", True)
            after = table.key(start)
            found = [
                item
                for item in found
                if (table.key(item) < after if backwards else table.key(item) > after)
            ]
        limit = call.get("Limit")
        page = found[:limit]
        answer: dict[str, Any] = {"Items": page, "Count": len(page), "ScannedCount": len(page)}
        if limit is not None and len(found) > limit:
            answer["LastEvaluatedKey"] = {name: page[-1][name] for name in table.keys}
        return answer

    def _put_item(self, call: Mapping[str, Any]) -> dict[str, Any]:
        self.tables[call["TableName"]].put(call["Item"], _condition(call), call)
        return {}

    def _delete_item(self, call: Mapping[str, Any]) -> dict[str, Any]:
        table = self.tables[call["TableName"]]
        table.delete(table.key(call["Key"]), _condition(call), call)
        return {}

    def _update_item(self, call: Mapping[str, Any]) -> dict[str, Any]:
        return {"Attributes": self.tables[call["TableName"]].update(call["Key"], call)}

    def _batch_get_item(self, call: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, list[Item]] = {}
        left: dict[str, Any] = {}
        for name, wanted in call["RequestItems"].items():
            table, moment = self.tables[name], self._moment(wanted)
            keys, undone = self._wire.split(wanted["Keys"])
            rows = [table.get(table.key(key), moment=moment) for key in keys]
            found[name] = [row for row in rows if row]
            if undone:
                left[name] = {**wanted, "Keys": undone}
        return {"Responses": found, "UnprocessedKeys": left}

    def _batch_write_item(self, call: Mapping[str, Any]) -> dict[str, Any]:
        left: dict[str, Any] = {}
        for name, requests in call["RequestItems"].items():
            table = self.tables[name]
            done, undone = self._wire.split(requests)
            for request in done:
                if put := request.get("PutRequest"):
                    table.put(put["Item"], None, {})
                else:
                    table.delete(table.key(request["DeleteRequest"]["Key"]), None, {})
            if undone:
                left[name] = undone
        return {"UnprocessedItems": left}

    def _moment(self, call: Mapping[str, Any]) -> float | None:
        """As of when a read tells: None for as last written."""
        if call.get("ConsistentRead") or not self._wire.weather.strikes(Fault.STALE):
            return None
        return self._wire.course.now - self._wire.weather.dice.between(0, LAG_SECONDS)


def _condition(call: Mapping[str, Any]) -> Any:
    text = call.get("ConditionExpression")
    return condition(text) if text else None


def _about(call: Mapping[str, Any], tables: Mapping[str, Table]) -> str:
    """The table and key, or tables, of a call."""
    if name := call.get("TableName"):
        table = tables[name]
        item = call.get("Key") or call.get("Item")
        key: Key | str = table.key(item) if item else _hash_value(call)
        return f"{name} {_key(key)}"
    return ", ".join(f"{name} x{_many(of)}" for name, of in call["RequestItems"].items())


def _hash_value(call: Mapping[str, Any]) -> str:
    values = call["ExpressionAttributeValues"]
    return str(next(iter(next(iter(values.values())).values())))


def _key(key: Key | str) -> str:
    return (key if isinstance(key, str) else " ".join(filter(None, key)))[:_SHOWN]


def _many(wanted: Any) -> int:
    return len(wanted["Keys"] if isinstance(wanted, dict) else wanted)


@cache
def _snake(operation: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in operation).strip("_")
