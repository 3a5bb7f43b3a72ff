"""The part of DynamoDB's expression language that conditions, keys and updates are written in.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html. What is not known
here raises ValueError, so that nothing is answered wrongly.
"""

import base64
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from simulator.stand_in.item_sizes import Item, Value

_TOKEN = re.compile(r"\s*(<=|>=|<>|[=<>(),+-]|[#:]?\w+)")
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Expression:
    """One expression with the names and values that a request gave for it."""

    def __init__(self, text: str, request: Mapping[str, Any]) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._names = request.get("ExpressionAttributeNames", {})
        self._values = request.get("ExpressionAttributeValues", {})

    def holds(self, item: Mapping[str, Value]) -> bool:
        """Whether the condition is true of `item`, empty where there is none."""
        self._at = 0
        held = self._either(item)
        if self._at < len(self._tokens):
            raise ValueError(f"unexpected {self._peek()}")
        return held

    def equal_to(self, name: str) -> Value:
        """The value that the attribute `name` has to equal."""
        for at, token in enumerate(self._tokens[:-2]):
            if self._tokens[at + 1] == "=" and self._name(token) == name:
                found: Value = self._values[self._tokens[at + 2]]
                return found
        raise ValueError(f"no value for {name}")

    def updated(self, item: Item) -> Item:
        """`item` after the update."""
        self._at = 0
        after = dict(item)
        section = ""
        while self._at < len(self._tokens):
            if self._peek().upper() in {"SET", "REMOVE", "ADD", "DELETE"}:
                section = self._next().upper()
            elif self._peek() == ",":
                self._next()
            self._change(section, item, after)
        return after

    def _change(self, section: str, before: Item, after: Item) -> None:
        name = self._name(self._next())
        match section:
            case "SET":
                self._expect("=")
                after[name] = self._sum(before)
            case "REMOVE":
                after.pop(name, None)
            case "ADD":
                after[name] = _added(before.get(name), self._values[self._next()])
            case "DELETE":
                left = _without(before.get(name), self._values[self._next()])
                after.pop(name, None)
                if left is not None:
                    after[name] = left
            case _:
                raise ValueError("an update begins with SET, REMOVE, ADD or DELETE")

    def _sum(self, item: Mapping[str, Value]) -> Value:
        total = self._operand(item)
        while self._peek() in {"+", "-"}:
            sign = 1 if self._next() == "+" else -1
            other = self._operand(item)
            if total is None or other is None:
                raise ValueError("a sum of an attribute that is not there")
            total = {"N": str(Decimal(total["N"]) + sign * Decimal(other["N"]))}
        if total is None:
            raise ValueError("an attribute that is not there")
        return total

    def _either(self, item: Mapping[str, Value]) -> bool:
        held = self._both(item)
        while self._peek().upper() == "OR":
            self._next()
            held = self._both(item) or held
        return held

    def _both(self, item: Mapping[str, Value]) -> bool:
        held = self._one(item)
        while self._peek().upper() == "AND":
            self._next()
            held = self._one(item) and held
        return held

    def _one(self, item: Mapping[str, Value]) -> bool:
        match self._peek():
            case "(":
                self._next()
                held = self._either(item)
                self._expect(")")
                return held
            case "NOT":
                self._next()
                return not self._one(item)
            case "attribute_exists" | "attribute_not_exists" as function:
                self._next()
                self._expect("(")
                known = self._name(self._next()) in item
                self._expect(")")
                return known == (function == "attribute_exists")
            case _:
                return self._comparison(item)

    def _comparison(self, item: Mapping[str, Value]) -> bool:
        left = self._operand(item)
        sign = self._next()
        if sign.upper() == "BETWEEN":
            low = self._operand(item)
            self._expect("AND")
            high = self._operand(item)
            return _compared(">=", left, low) and _compared("<=", left, high)
        return _compared(sign, left, self._operand(item))

    def _operand(self, item: Mapping[str, Value]) -> Value | None:
        token = self._next()
        if token.startswith(":"):
            given: Value = self._values[token]
            return given
        if self._peek() == "(":
            return self._if_not_exists(token, item)
        return item.get(self._name(token))

    def _if_not_exists(self, function: str, item: Mapping[str, Value]) -> Value | None:
        if function != "if_not_exists":
            raise ValueError(f"function {function}")
        self._expect("(")
        name = self._name(self._next())
        self._expect(",")
        default = self._operand(item)
        self._expect(")")
        return item.get(name, default)

    def _name(self, token: str) -> str:
        return str(self._names[token]) if token.startswith("#") else token

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        found = self._next()
        if found.upper() != token.upper():
            raise ValueError(f"expected {token}, found {found or 'the end'}")


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ValueError(f"cannot read {text[at:]}")
        tokens.append(found[1])
        at = found.end()
    return tokens


def _compared(sign: str, left: Value | None, right: Value | None) -> bool:
    """Different kinds are never equal, and of what is not there nothing holds but "<>"."""
    if left is None or right is None or [*left] != [*right]:
        return sign == "<>"
    return _COMPARED[sign](ordered(left), ordered(right))


def ordered(value: Value) -> Any:
    """What DynamoDB orders `value` by."""
    [(kind, held)] = value.items()
    match kind:
        case "N":
            return Decimal(held)
        case "S":
            return held.encode()
        case "B":
            return base64.b64decode(held)
        case _:
            return held


def _added(before: Value | None, more: Value) -> Value:
    if "N" in more:
        return {"N": str(Decimal(before["N"] if before else 0) + Decimal(more["N"]))}
    [(kind, held)] = more.items()
    return {kind: sorted({*(before[kind] if before else ()), *held})}


def _without(before: Value | None, less: Value) -> Value | None:
    [(kind, held)] = less.items()
    left = sorted({*(before[kind] if before else ())} - {*held})
    return {kind: left} if left else None
