"""TransactWriteItems: all writes or none.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

from typing import NamedTuple

from simulator.aws.calls import Answer, Call
from simulator.aws.dynamodb.capacity import Units, write_units
from simulator.aws.dynamodb.item_size import Item, item_size
from simulator.aws.dynamodb.requests import Request, check_condition, check_placeholders
from simulator.aws.dynamodb.store import Store, check_count, check_distinct
from simulator.aws.dynamodb.tables import Key, Table
from simulator.aws.dynamodb.values import stored
from simulator.aws.dynamodb.writes import updated
from simulator.aws.errors import AwsError, invalid

ACTIONS, BYTES = 100, 4 * 1024 * 1024
"""Most actions of a transaction, and most bytes of its items together."""


class _Action(NamedTuple):
    """`kind` is Put, Update, Delete or ConditionCheck; `before` is the current item."""

    kind: str
    request: Request
    table: Table
    key: Key
    before: Item | None

    @property
    def after(self) -> Item | None:
        """Raises AwsError if the condition does not hold or the update is not valid."""
        check_condition(self.before, self.request)
        match self.kind:
            case "Put":
                return stored(self.request["Item"])
            case "Update":
                return updated(self.table, self.before, self.request)
            case "ConditionCheck":
                return self.before
            case _:
                return None


_REASONS = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "ValidationException": "ValidationError",
}


def transact(store: Store, call: Call) -> Answer:
    """Raises AwsError, with a reason for each action, if a condition does not hold."""
    actions = [
        _action(store, kind, request)
        for one in call.request["TransactItems"]
        for kind, request in one.items()
    ]
    check_count(len(actions), ACTIONS)
    check_distinct((one.table.name, one.key) for one in actions)
    outcomes = [_outcome(one) for one in actions]
    reasons = [of if isinstance(of, str) else "None" for of in outcomes]
    if {*reasons} != {"None"}:
        for one in actions:
            _consume(call, one, write_units(item_size(one.before)))
        raise _cancelled(reasons)
    if sum(item_size(of) for of in outcomes if not isinstance(of, str)) > BYTES:
        raise invalid("Transaction request exceeds the 4MB transaction size limit")
    for one, after in zip(actions, outcomes, strict=True):
        assert not isinstance(after, str)
        checked = one.kind == "ConditionCheck"
        units = 0 if checked else store.put(one.table, one.key, one.before, after)
        _consume(call, one, units or write_units(item_size(one.before)))
    return {}


def _outcome(action: _Action) -> Item | str | None:
    """The item after the action, or the reason why it is refused."""
    try:
        return action.after
    except AwsError as error:
        return _REASONS[error.code]


def _cancelled(codes: list[str]) -> AwsError:
    return AwsError(
        "TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        f"[{', '.join(codes)}]",
        CancellationReasons=[{"Code": code} for code in codes],
    )


def _action(store: Store, kind: str, request: Request) -> _Action:
    check_placeholders(request)
    table = store.table(request["TableName"])
    key = table.key(request["Item"]) if kind == "Put" else table.key_of(request["Key"])
    return _Action(kind, request, table, key, table.get(key))


def _consume(call: Call, action: _Action, units: int) -> None:
    call.consumed.append(Units(action.table.name, str(action.key[0]), 0.0, 2 * units))
