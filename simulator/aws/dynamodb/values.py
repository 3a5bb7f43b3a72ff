"""Attribute values: how they compare, and the form in which DynamoDB stores numbers.

Source: HowItWorks.NamingRulesDataTypes.html below
docs.aws.amazon.com/amazondynamodb/latest/developerguide/
"""

from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from simulator.aws.dynamodb.item_size import Item, Value
from simulator.aws.errors import invalid

_MOST_DIGITS = 38
_NUMBERS = Context(prec=_MOST_DIGITS)
_SETS = frozenset({"SS", "NS", "BS"})


def comparable(value: Value | None) -> Any:
    """A form of `value` that compares and sorts as DynamoDB does; None for no value."""
    if value is None:
        return None
    [(kind, held)] = value.items()
    if kind == "N":
        return Decimal(held)
    if kind == "NS":
        return frozenset(map(Decimal, held))
    return frozenset(held) if kind in _SETS else held


def type_of(value: Value) -> str:
    [kind] = value
    return kind


def number(value: Decimal) -> Value:
    """`value` as an attribute. DynamoDB keeps 38 significant digits."""
    return {"N": _text(_NUMBERS.plus(value))}


def stored(item: Mapping[str, Value]) -> Item:
    """`item` in stored form, with the shortest form of numbers. Raises AwsError for bad values."""
    return {name: _stored(name, value) for name, value in item.items()}


def _stored(name: str, value: Value) -> Value:
    [(kind, held)] = value.items()
    if kind in {"S", "B"}:
        return value
    if kind == "N":
        return {"N": _shortest(held)}
    if kind in _SETS:
        if not held:
            raise invalid(f"{name}: an empty set is not allowed")
        if kind == "NS":
            return {"NS": [_shortest(member) for member in held]}
    return value


def _shortest(text: str) -> str:
    if text.isdigit() and (text[0] != "0" or text == "0") and len(text) <= _MOST_DIGITS:
        return text
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}") from None
    if len(value.as_tuple().digits) > _MOST_DIGITS:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    return _text(value)


def _text(value: Decimal) -> str:
    return "0" if not value else f"{value.normalize(_NUMBERS):f}"
