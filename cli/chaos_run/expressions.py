"""DynamoDB's conditions and updates, as far as PynamoDB writes them.

Each is read once into a function of an item and of the names and values that a call brings. Source:
docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

Item = dict[str, Any]
"""Attribute -> value, in DynamoDB's JSON: {"S": ...}, {"N": ...}, {"B": bytes}, {"SS": [...]}."""
Condition = Callable[["Call"], bool]
Operand = Callable[["Call"], Any]

_WORDS = re.compile(r"\s*([#:]?[A-Za-z0-9_]+|<>|<=|>=|[=<>(),+-])")
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class UnreadableError(BaseException):
    """This module cannot read an expression. No handler of the service takes it for a fault."""


@dataclass(frozen=True, slots=True)
class Call:
    """What an expression is about: the item as it stands, and the placeholders of the call."""

    item: Item
    names: Mapping[str, str]
    values: Mapping[str, Any]

    def attribute(self, word: str) -> Any:
        return self.item.get(self.names.get(word, word))


def plain(value: Any) -> Any:
    """A value that compares as DynamoDB compares: numbers as numbers; None where there is none."""
    if value is None:
        return None
    (kind, given), *_ = value.items()
    if kind == "N":
        return Decimal(given)
    return frozenset(given) if kind in {"SS", "NS", "BS"} else given


class Words:
    """The words of an expression, read from left to right. Raises UnreadableError for others."""

    def __init__(self, text: str) -> None:
        self._words = [*_WORDS.findall(text), ""]
        self._at = 0
        if "".join(self._words) != "".join(text.split()):
            raise UnreadableError(f"cannot read the expression {text!r}")

    @property
    def next(self) -> str:
        return str(self._words[self._at])

    def take(self, expected: str = "") -> str:
        word = self.next
        if expected and word.upper() != expected:
            raise UnreadableError(f"expected {expected!r}, found {word!r}")
        self._at += 1
        return word

    def took(self, expected: str) -> bool:
        found = self.next.upper() == expected
        self._at += found
        return found


@lru_cache(maxsize=1000)
def condition(text: str) -> Condition:
    """Raises UnreadableError for what this module cannot read."""
    words = Words(text)
    found = _any(words)
    if words.next:
        raise UnreadableError(f"cannot read {text!r} from {words.next!r} on")
    return found


def _any(words: Words) -> Condition:
    first = _all(words)
    while words.took("OR"):
        first = _either(first, _all(words))
    return first


def _either(one: Condition, other: Condition) -> Condition:
    return lambda call: one(call) or other(call)


def _all(words: Words) -> Condition:
    first = _one(words)
    while words.took("AND"):
        first = _both(first, _one(words))
    return first


def _both(one: Condition, other: Condition) -> Condition:
    return lambda call: one(call) and other(call)


def _one(words: Words) -> Condition:
    if words.took("NOT"):
        denied = _one(words)
        return lambda call: not denied(call)
    if words.took("("):
        inner = _any(words)
        words.take(")")
        return inner
    for name, make in _FUNCTIONS.items():
        if words.took(name):
            return make(words)
    left = operand(words)
    if words.took("BETWEEN"):
        low = operand(words)
        words.take("AND")
        high = operand(words)
        return lambda call: plain(low(call)) <= plain(left(call)) <= plain(high(call))
    compare = _COMPARED.get(words.take())
    if compare is None:
        raise UnreadableError("a comparison lacks its sign")
    return _comparison(left, compare, operand(words))


def _comparison(left: Operand, compare: Callable[[Any, Any], bool], right: Operand) -> Condition:
    def holds(call: Call) -> bool:
        one, other = plain(left(call)), plain(right(call))
        if one is None or other is None or type(one) is not type(other):
            return compare is operator.ne
        return compare(one, other)

    return holds


def _exists(words: Words) -> Condition:
    name = _bracketed(words)
    return lambda call: call.attribute(name) is not None


def _not_exists(words: Words) -> Condition:
    name = _bracketed(words)
    return lambda call: call.attribute(name) is None


def _begins_with(words: Words) -> Condition:
    words.take("(")
    left = operand(words)
    words.take(",")
    right = operand(words)
    words.take(")")
    return lambda call: str(plain(left(call)) or "").startswith(plain(right(call)))


def _bracketed(words: Words) -> str:
    words.take("(")
    name = words.take()
    words.take(")")
    return name


_FUNCTIONS: Mapping[str, Callable[[Words], Condition]] = {
    "ATTRIBUTE_EXISTS": _exists,
    "ATTRIBUTE_NOT_EXISTS": _not_exists,
    "BEGINS_WITH": _begins_with,
}


def operand(words: Words) -> Operand:
    """A value of the call, an attribute of the item or its size, or if_not_exists of both."""
    word = words.take()
    if word == "size":
        name = _bracketed(words)
        return lambda call: _size(call.attribute(name))
    if word == "if_not_exists":
        words.take("(")
        name = words.take()
        words.take(",")
        other = operand(words)
        words.take(")")
        return lambda call: call.attribute(name) or other(call)
    if word.startswith(":"):
        return lambda call: call.values[word]
    return lambda call: call.attribute(word)


def _size(value: Any) -> Any:
    """Of a set its members, of text or bytes their length; None where there is nothing."""
    return None if value is None else {"N": str(len(plain(value)))}
