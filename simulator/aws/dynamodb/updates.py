"""Update expressions: SET, REMOVE, ADD and DELETE.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from simulator.aws.dynamodb.expressions import Operand, Scope, Words, operand, placeholders
from simulator.aws.dynamodb.item_size import Item, Value
from simulator.aws.dynamodb.values import comparable, number, type_of
from simulator.aws.errors import NotSimulatedError, invalid

Change = Callable[[Scope], Value | None]
"""Computes an attribute's new value from the item before the update; None removes it."""


@dataclass(frozen=True, slots=True)
class Update:
    """`changes` maps the word that names an attribute to its change."""

    changes: Mapping[str, Change]
    placeholders: frozenset[str]

    def apply(self, scope: Scope) -> Item:
        """The item after the update. Raises AwsError if the update is not valid for it."""
        after = dict(scope.item)
        for word, change in self.changes.items():
            name = scope.names.get(word, word)
            value = change(scope)
            if value is None:
                after.pop(name, None)
            else:
                after[name] = value
        return after

    def names(self, scope: Scope) -> set[str]:
        """The attributes that the update names."""
        return {scope.names.get(word, word) for word in self.changes}


@lru_cache(maxsize=1000)
def update(text: str) -> Update:
    """Parses an update expression.

    Raises NotSimulatedError for syntax that is not supported, AwsError for two changes of one
    attribute.
    """
    words = Words(text)
    changes: dict[str, Change] = {}
    while words.next:
        read = _CLAUSES.get(words.take().upper())
        if read is None:
            raise NotSimulatedError(f"update {text!r}")
        _add(changes, words, read)
        while words.took(","):
            _add(changes, words, read)
    return Update(changes, placeholders(words))


def _add(changes: dict[str, Change], words: Words, read: Callable[[str, Words], Change]) -> None:
    word = words.take()
    if word in changes:
        raise invalid(f"Two document paths overlap with each other: [{word}], [{word}]")
    changes[word] = read(word, words)


def _set(_word: str, words: Words) -> Change:
    words.take("=")
    value = _present(operand(words))
    if words.next in {"+", "-"}:
        return _sum(value, words.take(), _present(operand(words)))
    return value


def _present(value: Operand) -> Callable[[Scope], Value]:
    def found(scope: Scope) -> Value:
        given = value(scope)
        if given is None:
            raise invalid(
                "The provided expression refers to an attribute that does not exist in the item"
            )
        return given

    return found


def _sum(left: Callable[[Scope], Value], sign: str, right: Callable[[Scope], Value]) -> Change:
    def value(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if (type_of(one), type_of(other)) != ("N", "N"):
            raise invalid("Incorrect operand type for operator or function")
        added = comparable(other) if sign == "+" else -comparable(other)
        return number(comparable(one) + added)

    return value


def _remove(_word: str, _words: Words) -> Change:
    return lambda _scope: None


def _increase(word: str, words: Words) -> Change:
    """ADD to a number, or of members to a set."""
    given = _present(operand(words))

    def value(scope: Scope) -> Value:
        before, more = scope.attribute(word), given(scope)
        if before is None:
            return more
        kind = _same_type(before, more)
        if kind == "N":
            return number(comparable(before) + comparable(more))
        return {kind: sorted({*before[kind], *more[kind]})}

    return value


def _decrease(word: str, words: Words) -> Change:
    """DELETE of members from a set; a set without members is removed."""
    given = _present(operand(words))

    def value(scope: Scope) -> Value | None:
        before, less = scope.attribute(word), given(scope)
        if before is None:
            return None
        kind = _same_type(before, less)
        left = {*before[kind]} - {*less[kind]}
        return {kind: sorted(left)} if left else None

    return value


def _same_type(before: Value, given: Value) -> str:
    kind = type_of(given)
    if type_of(before) != kind or kind not in {"N", "SS", "NS", "BS"}:
        raise invalid("An operand in the update expression has an incorrect data type")
    return kind


_CLAUSES: Mapping[str, Callable[[str, Words], Change]] = {
    "SET": _set,
    "REMOVE": _remove,
    "ADD": _increase,
    "DELETE": _decrease,
}
