"""Parses the expressions of a request, and checks them against its names and values."""

from collections.abc import Mapping
from typing import Any

from simulator.aws.dynamodb.expressions import Condition, Scope, Words, condition, placeholders
from simulator.aws.dynamodb.item_size import Item, Value
from simulator.aws.dynamodb.updates import Update, update
from simulator.aws.errors import AwsError, invalid

Request = Mapping[str, Any]
_EXPRESSION_BYTES = 4096
"""Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""
_EXPRESSIONS = ("ConditionExpression", "KeyConditionExpression", "FilterExpression")
_NOTHING: Mapping[str, Any] = {}


def scope(item: Mapping[str, Value] | None, request: Request) -> Scope:
    return Scope(
        item or _NOTHING,
        request.get("ExpressionAttributeNames") or _NOTHING,
        request.get("ExpressionAttributeValues") or _NOTHING,
    )


def check_placeholders(request: Request) -> None:
    """Raises AwsError if a name or value is unused, or used but not defined, or an expression is
    too long."""
    given = {
        *(request.get("ExpressionAttributeNames") or ()),
        *(request.get("ExpressionAttributeValues") or ()),
    }
    used: set[str] = set()
    for member in _EXPRESSIONS:
        if text := _expression(request, member):
            used |= condition(text).placeholders
    if text := _expression(request, "UpdateExpression"):
        used |= update(text).placeholders
    if text := _expression(request, "ProjectionExpression"):
        used |= placeholders(Words(text))
    if given != used:
        raise invalid(f"Names or values unused or undefined in expressions: {given ^ used}")


def _expression(request: Request, member: str) -> str | None:
    text: str | None = request.get(member)
    if text and len(text.encode()) > _EXPRESSION_BYTES:
        raise invalid(f"Invalid {member}: Expression size has exceeded the maximum allowed size")
    return text


def condition_of(request: Request, member: str = "ConditionExpression") -> Condition | None:
    text = request.get(member)
    return condition(text) if text else None


def check_condition(item: Item | None, request: Request) -> None:
    """Raises AwsError if the request's condition does not hold for `item`."""
    wanted = condition_of(request)
    if wanted and not wanted.test(scope(item, request)):
        returned = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and item
        details = {"Item": item} if returned else {}
        raise AwsError(
            "ConditionalCheckFailedException", "The conditional request failed", **details
        )


def update_of(request: Request) -> Update:
    text = request.get("UpdateExpression")
    return update(text) if text else Update({}, frozenset())


def projected(item: Item, request: Request) -> Item:
    """A copy of `item` with the requested attributes."""
    text = request.get("ProjectionExpression")
    if not text:
        return dict(item)
    names = request.get("ExpressionAttributeNames") or _NOTHING
    wanted = (names.get(word, word) for word in Words(text).all if word != ",")
    return {name: item[name] for name in wanted if name in item}
