"""Where moto and DynamoDB in memory differ from each other or from AWS.

Each difference has requests that show it. docs/aws-differences.md lists them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tests.simulator.aws.expressions import key

Show = Callable[[Any], Any]
"""Sends requests with a client of DynamoDB to the table `rows`, which is empty, and returns what
distinguishes the responses.
"""
ADA = key("ada", "1")
BIG = "x" * 4_500
"""With its key and names a little more than four units of 1,024 bytes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`aws` and `other` say what they do, `on_aws` and `on_other` what `show` returns."""

    case: str
    aws: str
    other: str
    show: Show
    on_aws: Any
    on_other: Any


def _last_page(client: Any) -> bool:
    client.put_item(TableName="rows", Item=ADA)
    page = client.query(
        TableName="rows",
        KeyConditionExpression="#o = :o",
        ExpressionAttributeNames={"#o": "owner"},
        ExpressionAttributeValues={":o": ADA["owner"]},
        Limit=1,
    )
    return "LastEvaluatedKey" in page


def _number(client: Any) -> str:
    client.put_item(TableName="rows", Item={**ADA, "version": {"N": "1.0"}})
    found: str = client.get_item(TableName="rows", Key=ADA)["Item"]["version"]["N"]
    return found


def _transaction(client: Any) -> str:
    client.put_item(TableName="rows", Item={**ADA, "version": {"S": "one"}})
    update = {
        "TableName": "rows",
        "Key": ADA,
        "UpdateExpression": "ADD #v :n",
        "ExpressionAttributeNames": {"#v": "version"},
        "ExpressionAttributeValues": {":n": {"N": "1"}},
    }
    return _code(lambda: client.transact_write_items(TransactItems=[{"Update": update}]))


def _capacity(client: Any) -> float:
    item = {**ADA, "note": {"S": BIG}}
    done = client.put_item(TableName="rows", Item=item, ReturnConsumedCapacity="TOTAL")
    return float(done["ConsumedCapacity"]["CapacityUnits"])


def _reserved(client: Any) -> str:
    return _code(
        lambda: client.put_item(
            TableName="rows", Item=ADA, ConditionExpression="attribute_not_exists(status)"
        )
    )


def _statement(client: Any) -> str:
    return _code(lambda: client.execute_statement(Statement="SELECT * FROM rows"))


def _code(call: Callable[[], Any]) -> str:
    """The error code of the response, or "done"."""
    try:
        call()
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
        return code
    except BaseException as error:  # noqa: BLE001 - NotSimulatedError is none that a product catches
        return type(error).__name__
    return "done"


MOTO = (
    Difference(
        "`Limit` is reached at the last item",
        "names where the page ended",
        "says that it was the last",
        _last_page,
        on_aws=True,
        on_other=False,
    ),
    Difference(
        "a number in a response",
        "is in its shortest form: 1 for 1.0",
        "is as it was sent",
        _number,
        on_aws="1",
        on_other="1.0",
    ),
    Difference(
        "an update in a transaction that does not fit the item",
        "cancels the transaction",
        "is a validation error of the whole request",
        _transaction,
        on_aws="TransactionCanceledException",
        on_other="ValidationException",
    ),
    Difference(
        "consumed capacity",
        "depends on the size of the item",
        "is the same for every size",
        _capacity,
        on_aws=5.0,
        on_other=1.0,
    ),
)
"""AWS's side is that of DynamoDB in memory."""

IN_MEMORY = (
    Difference(
        "a reserved word in an expression",
        "is refused",
        "is accepted",
        _reserved,
        on_aws="ValidationException",
        on_other="done",
    ),
    Difference(
        "PartiQL, local secondary indexes, paths into lists and maps",
        "are supported",
        "end the run, as every operation that the product does not use",
        _statement,
        on_aws="done",
        on_other="NotSimulatedError",
    ),
)
"""AWS's side is moto's."""
