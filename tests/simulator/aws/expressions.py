"""Requests over every operation and expression of DynamoDB that the product uses.

The forms are as PynamoDB and `topk.stores` write them. A generated request names an item of a small
table, so that conditions hold about as often as they do not.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

TABLE = {
    "TableName": "rows",
    "KeySchema": [
        {"AttributeName": "owner", "KeyType": "HASH"},
        {"AttributeName": "at", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("owner", "at", "due")
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_due",
            "KeySchema": [
                {"AttributeName": "due", "KeyType": "HASH"},
                {"AttributeName": "at", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
NAMES = {"#v": "version", "#t": "through", "#s": "owners", "#o": "owner", "#a": "at", "#d": "due"}
Request = tuple[str, dict[str, Any]]

CONDITIONS = (
    "#v = :n",
    "#t = :n",
    "#v <> :n",
    "#v < :n",
    "#v >= :n",
    "attribute_not_exists (#o)",
    "attribute_exists (#o)",
    "attribute_exists (#v)",
    "attribute_not_exists (#s)",
    "(attribute_not_exists (#v) OR #v < :n)",
    "(attribute_not_exists (#v) OR #v <= :n)",
    "(attribute_exists (#v) AND (attribute_not_exists (#t) OR #t <= :n))",
    "(#s = :s AND (attribute_not_exists (#v) OR #v < :n))",
    "((attribute_not_exists (#s) OR size (#s) <= :n) AND attribute_not_exists (#t))",
    "(NOT #v >= :n)",
    "#v BETWEEN :n AND :m",
    "#v IN (:n, :m)",
    "begins_with (#d, :d)",
    "contains (#s, :c)",
)
UPDATES = (
    "SET #v = :n",
    "SET #v = :n, #t = :m REMOVE #d",
    "SET #v = if_not_exists (#v, :n), #t = if_not_exists (#t, :m)",
    "SET #v = if_not_exists (#v, :n) + :m",
    "SET #d = :d",
    "REMOVE #v, #t",
    "ADD #v :n",
    "ADD #s :s",
    "ADD #v :n, #s :s",
    "DELETE #s :s",
)
ARITHMETIC = ("SET #v = #v + :n", "SET #v = #v - :n")
"""Refused for an item without the attribute, in a transaction for another reason than moto's."""
KEY_CONDITIONS = (
    "#o = :o",
    "(#o = :o)",
    "(#o = :o AND #a >= :a)",
    "(#o = :o AND #a < :a)",
    "(#o = :o AND #a BETWEEN :a AND :b)",
    "(#o = :o AND begins_with (#a, :a))",
)
INDEX_CONDITIONS = ("#d = :d", "(#d = :d AND begins_with (#a, :a))")
OPERATIONS = (
    "GetItem",
    "BatchGetItem",
    "Query",
    "Scan",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
)
PROJECTIONS = ("#o, #a", "#o, version")

_MOMENTS = st.sampled_from(["1", "10", "12", "2", "3"])
_OWNERS = st.sampled_from(["ada", "bob"])
_NUMBERS = st.sampled_from(["-3", "0", "1", "2", "10", "1.5"])
_MEMBERS = st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True)


def key(owner: str, at: str) -> dict[str, Any]:
    return {"owner": {"S": owner}, "at": {"S": at}}


KEYS = st.builds(key, _OWNERS, _MOMENTS)
ATTRIBUTES: Mapping[str, st.SearchStrategy[Any]] = {
    "version": st.builds(lambda number: {"N": number}, _NUMBERS),
    "through": st.builds(lambda number: {"N": number}, _NUMBERS),
    "due": st.sampled_from([{"S": "5"}, {"S": "57"}]),
    "owners": st.builds(lambda members: {"SS": sorted(members)}, _MEMBERS),
    "body": st.sampled_from([{"B": b""}, {"B": b"\x00\xff"}]),
}
ITEM = st.fixed_dictionaries({}, optional=ATTRIBUTES)
"""Of an item all but its key."""
ITEMS = st.builds(lambda key, attributes: key | attributes, KEYS, ITEM)
VALUES = st.fixed_dictionaries(
    {
        ":n": ATTRIBUTES["version"],
        ":m": ATTRIBUTES["version"],
        ":d": st.sampled_from([{"S": "5"}, {"S": "57"}]),
        ":c": st.sampled_from([{"S": "x"}, {"S": "y"}]),
        ":s": ATTRIBUTES["owners"],
        ":o": st.builds(lambda owner: {"S": owner}, _OWNERS),
        ":a": st.builds(lambda at: {"S": at}, _MOMENTS),
        ":b": st.builds(lambda at: {"S": at}, _MOMENTS),
    }
)


def form(text: str) -> str:
    """An expression without the names of its placeholders."""
    return re.sub(r"([#:])\w+", r"\1", text)


def with_placeholders(request: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The request with the names and values that its expressions use."""
    text = " ".join(of for name, of in request.items() if name.endswith("Expression"))
    used = set(re.findall(r"[#:]\w+", text))
    names = {word: name for word, name in NAMES.items() if word in used}
    given = {word: value for word, value in values.items() if word in used}
    return {
        **request,
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": given} if given else {}),
    }


_GUARD = st.none() | st.sampled_from(CONDITIONS)


def _guarded(request: dict[str, Any], condition: str | None, values: Any) -> dict[str, Any]:
    guard = {"ConditionExpression": condition} if condition else {}
    return with_placeholders({"TableName": "rows", **request, **guard}, values)


PUTS = st.builds(lambda item, *guard: _guarded({"Item": item}, *guard), ITEMS, _GUARD, VALUES)
DELETES = st.builds(lambda key, *guard: _guarded({"Key": key}, *guard), KEYS, _GUARD, VALUES)


def _updates(texts: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda key, update, *guard: _guarded({"Key": key, "UpdateExpression": update}, *guard),
        KEYS,
        st.sampled_from(texts),
        _GUARD,
        VALUES,
    )


_RETURNED = st.sampled_from(["NONE", "ALL_OLD"])
_BATCHED = st.builds(lambda item: {"PutRequest": {"Item": item}}, ITEMS) | st.builds(
    lambda key: {"DeleteRequest": {"Key": key}}, KEYS
)


def _key_of(write: Mapping[str, Any]) -> Any:
    """Of a request, or of an action of a batch or a transaction, what makes it distinct."""
    [of] = write.values()
    item = of.get("Item") or of["Key"]
    return item["owner"]["S"], item["at"]["S"]


def _batch_get(keys: list[dict[str, Any]], projection: str | None, consistent: bool) -> Request:
    wanted = {"Keys": keys, "ConsistentRead": consistent}
    if projection:
        wanted = with_placeholders({**wanted, "ProjectionExpression": projection}, {})
    return "BatchGetItem", {"RequestItems": {"rows": wanted}}


def _query(
    condition: str, values: Any, limit: int, forward: bool, projection: str | None
) -> Request:
    request: dict[str, Any] = {
        "TableName": "rows",
        "KeyConditionExpression": condition,
        "Limit": limit,
        "ScanIndexForward": forward,
        **({"ProjectionExpression": projection} if projection else {}),
    }
    return "Query", with_placeholders(request, values)


def _query_index(condition: str, values: Any) -> Request:
    request = {"TableName": "rows", "IndexName": "by_due", "KeyConditionExpression": condition}
    return "Query", with_placeholders(request, values)


_DISTINCT_KEYS = st.lists(KEYS, min_size=1, max_size=4, unique_by=lambda key: key["at"]["S"])
REQUESTS = st.one_of(
    st.builds(lambda put, old: ("PutItem", put | {"ReturnValues": old}), PUTS, _RETURNED),
    st.builds(lambda gone, old: ("DeleteItem", gone | {"ReturnValues": old}), DELETES, _RETURNED),
    st.builds(
        lambda update, new: ("UpdateItem", update | {"ReturnValues": new}),
        _updates(UPDATES + ARITHMETIC),
        st.sampled_from(["NONE", "ALL_NEW", "ALL_OLD"]),
    ),
    st.builds(
        lambda key, consistent: (
            "GetItem",
            {"TableName": "rows", "Key": key, "ConsistentRead": consistent},
        ),
        KEYS,
        st.booleans(),
    ),
    st.builds(_batch_get, _DISTINCT_KEYS, st.none() | st.sampled_from(PROJECTIONS), st.booleans()),
    st.builds(
        _query,
        st.sampled_from(KEY_CONDITIONS),
        VALUES,
        st.integers(1, 4),
        st.booleans(),
        st.none() | st.sampled_from(PROJECTIONS),
    ),
    st.builds(_query_index, st.sampled_from(INDEX_CONDITIONS), VALUES),
    st.builds(
        lambda batch: ("BatchWriteItem", {"RequestItems": {"rows": batch}}),
        st.lists(_BATCHED, min_size=1, max_size=4, unique_by=_key_of),
    ),
    st.builds(
        lambda actions: ("TransactWriteItems", {"TransactItems": actions}),
        st.lists(
            st.builds(lambda put: {"Put": put}, PUTS)
            | st.builds(lambda gone: {"Delete": gone}, DELETES)
            | st.builds(lambda update: {"Update": update}, _updates(UPDATES)),
            min_size=1,
            max_size=3,
            unique_by=_key_of,
        ),
    ),
    st.builds(lambda limit: ("Scan", {"TableName": "rows", "Limit": limit}), st.integers(20, 30)),
)
