"""DynamoDB's expressions, parsed once into functions of an item.

This module parses conditions, key conditions and filters; updates and projections use its words and
operands. Paths into lists and maps are not simulated.
Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from simulator.aws.dynamodb.item_size import Value
from simulator.aws.dynamodb.values import comparable, type_of
from simulator.aws.errors import NotSimulatedError, invalid


class Scope(NamedTuple):
    """What an expression is evaluated on: an item, and the names and values of the request."""

    item: Mapping[str, Value]
    names: Mapping[str, str]
    values: Mapping[str, Value]

    def attribute(self, word: str) -> Value | None:
        return self.item.get(self.names.get(word, word))


Test = Callable[[Scope], bool]
Operand = Callable[[Scope], Value | None]

_WORDS = re.compile(r"\s*([#:]?[A-Za-z0-9_]+|<>|<=|>=|[=<>(),+-])")
_COMPARATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Words:
    """The words of an expression, from left to right. Raises NotSimulatedError for other text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all = _WORDS.findall(text)
        self._at = 0
        if "".join(self.all) != "".join(text.split()):
            raise NotSimulatedError(f"expression {text!r}")

    @property
    def next(self) -> str:
        return self.all[self._at] if self._at < len(self.all) else ""

    def take(self, expected: str = "") -> str:
        word = self.next
        if not word or (expected and word.upper() != expected):
            raise NotSimulatedError(f"expression {self.text!r} at word {self._at}: {word!r}")
        self._at += 1
        return word

    def took(self, expected: str) -> bool:
        found = self.next.upper() == expected
        self._at += found
        return found

    def arguments(self) -> "list[Operand]":
        """The operands in parentheses."""
        self.take("(")
        found = [operand(self)]
        while self.took(","):
            found.append(operand(self))
        self.take(")")
        return found


def placeholders(words: Words) -> frozenset[str]:
    return frozenset(word for word in words.all if word[0] in "#:")


@dataclass(frozen=True, slots=True)
class Condition:
    """`equals` maps the attribute words that the whole condition compares with `=` to the words
    they are compared with."""

    test: Test
    placeholders: frozenset[str]
    equals: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1000)
def condition(text: str) -> Condition:
    """Parses a condition. Raises NotSimulatedError for syntax that is not supported."""
    words = Words(text)
    test = _any(words)
    if words.next:
        raise NotSimulatedError(f"expression {text!r} from {words.next!r} on")
    return Condition(test, placeholders(words), _equalities(words.all))


def _equalities(words: list[str]) -> Mapping[str, str]:
    return {
        words[at - 1]: words[at + 1]
        for at in range(1, len(words) - 1)
        if words[at] == "=" and words[at + 1].startswith(":")
    }


def _any(words: Words) -> Test:
    tests = [_all(words)]
    while words.took("OR"):
        tests.append(_all(words))
    return tests[0] if len(tests) == 1 else lambda scope: any(test(scope) for test in tests)


def _all(words: Words) -> Test:
    tests = [_one(words)]
    while words.took("AND"):
        tests.append(_one(words))
    return tests[0] if len(tests) == 1 else lambda scope: all(test(scope) for test in tests)


def _one(words: Words) -> Test:
    if words.took("NOT"):
        denied = _one(words)
        return lambda scope: not denied(scope)
    if words.took("("):
        inner = _any(words)
        words.take(")")
        return inner
    function = _FUNCTIONS.get(words.next.lower())
    if function:
        words.take()
        return function(*words.arguments())
    return _comparison(operand(words), words)


def _comparison(left: Operand, words: Words) -> Test:
    if words.took("BETWEEN"):
        low = operand(words)
        words.take("AND")
        high = operand(words)
        return lambda scope: (
            _holds(operator.le, low(scope), left(scope))
            and _holds(operator.le, left(scope), high(scope))
        )
    if words.took("IN"):
        members = words.arguments()
        return lambda scope: any(
            _holds(operator.eq, left(scope), member(scope)) for member in members
        )
    compare = _COMPARATORS.get(words.take())
    if compare is None:
        raise NotSimulatedError(f"expression {words.text!r}")
    right = operand(words)
    return lambda scope: _holds(compare, left(scope), right(scope))


def _holds(compare: Callable[[Any, Any], bool], left: Value | None, right: Value | None) -> bool:
    """Values of different types, or a missing one, are unequal and have no order."""
    if left is None or right is None or type_of(left) != type_of(right):
        return compare is operator.ne
    return compare(comparable(left), comparable(right))


def _begins_with(text: Operand, start: Operand) -> Test:
    def test(scope: Scope) -> bool:
        whole, begin = text(scope), start(scope)
        if whole is None or begin is None or type_of(whole) != type_of(begin):
            return False
        return bool(comparable(whole).startswith(comparable(begin)))

    return test


def _contains(container: Operand, member: Operand) -> Test:
    def test(scope: Scope) -> bool:
        whole, part = container(scope), member(scope)
        if whole is None or part is None or type_of(part) not in type_of(whole):
            return False
        return comparable(part) in comparable(whole)

    return test


_FUNCTIONS: Mapping[str, Callable[..., Test]] = {
    "attribute_exists": lambda value: lambda scope: value(scope) is not None,
    "attribute_not_exists": lambda value: lambda scope: value(scope) is None,
    "begins_with": _begins_with,
    "contains": _contains,
}


def operand(words: Words) -> Operand:
    """A value of the request, an attribute, its size, or `if_not_exists` of both."""
    word = words.take()
    if words.next == "(":
        return _function(word, words)
    if word.startswith(":"):
        return lambda scope: _given(scope, word)
    return lambda scope: scope.attribute(word)


def _given(scope: Scope, word: str) -> Value:
    try:
        return scope.values[word]
    except KeyError:
        raise invalid(f"An expression attribute value is not defined: {word}") from None


def _function(name: str, words: Words) -> Operand:
    arguments = words.arguments()
    if name.lower() == "size":
        return lambda scope: _size(arguments[0](scope))
    if name.lower() == "if_not_exists":
        present, otherwise = arguments

        def value(scope: Scope) -> Value | None:
            found = present(scope)
            return otherwise(scope) if found is None else found

        return value
    raise NotSimulatedError(f"function {name} in {words.text!r}")


def _size(value: Value | None) -> Value | None:
    """The members of a set or list, the bytes of a string or a binary value."""
    if value is None:
        return None
    [(kind, held)] = value.items()
    if kind == "N":
        return None
    return {"N": str(len(held.encode() if kind == "S" else held))}
