"""DynamoDB's update expressions: SET, REMOVE, ADD and DELETE."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cli.chaos_run.expressions import Call, Item, Operand, UnreadableError, Words, operand, plain

Update = Callable[[Call], Item]
_Change = Callable[[Call, Item], None]
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")


@lru_cache(maxsize=1000)
def update(text: str) -> Update:
    """Makes the changed item of a call. Raises UnreadableError for what this module cannot read."""
    words = Words(text)
    changes: list[_Change] = []
    while clause := words.take().upper():
        if clause not in _CLAUSES:
            raise UnreadableError(f"cannot read the update {text!r}")
        changes.append(_READ[clause](words))
        while words.took(","):
            changes.append(_READ[clause](words))

    def apply(call: Call) -> Item:
        changed = dict(call.item)
        for change in changes:
            change(call, changed)
        return changed

    return apply


def _set(words: Words) -> _Change:
    name = words.take()
    words.take("=")
    value = operand(words)
    if words.next in {"+", "-"}:
        value = _sum(value, words.take(), operand(words))

    def change(call: Call, item: Item) -> None:
        item[call.names.get(name, name)] = value(call)

    return change


def _sum(left: Operand, sign: str, right: Operand) -> Operand:
    def value(call: Call) -> Any:
        one, other = plain(left(call)), plain(right(call))
        return {"N": str(one + other if sign == "+" else one - other)}

    return value


def _remove(words: Words) -> _Change:
    name = words.take()
    return lambda call, item: item.pop(call.names.get(name, name), None) and None


def _add(words: Words) -> _Change:
    """Adds to a number, or members to a set."""
    name, value = words.take(), operand(words)

    def change(call: Call, item: Item) -> None:
        before, given = call.attribute(name), value(call)
        (kind,) = given
        if kind == "N":
            total = (plain(before) or 0) + plain(given)
            item[call.names.get(name, name)] = {"N": str(total)}
        else:
            members = {*(before or {}).get(kind, ()), *given[kind]}
            item[call.names.get(name, name)] = {kind: sorted(members)}

    return change


def _delete(words: Words) -> _Change:
    """Takes members out of a set; an empty set is no attribute."""
    name, value = words.take(), operand(words)

    def change(call: Call, item: Item) -> None:
        ((kind, given),) = value(call).items()
        left = set((call.attribute(name) or {}).get(kind, ())) - set(given)
        item.pop(call.names.get(name, name), None)
        if left:
            item[call.names.get(name, name)] = {kind: sorted(left)}

    return change


_READ: dict[str, Callable[[Words], _Change]] = {
    "SET": _set,
    "REMOVE": _remove,
    "ADD": _add,
    "DELETE": _delete,
}
