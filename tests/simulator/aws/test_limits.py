"""DynamoDB in memory refuses requests above AWS's limits and cuts large responses.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.aws.account import Aws

KB, MB = 1024, 1024 * 1024


@pytest.fixture
def client() -> Any:
    client = Aws(lambda: 0.0).client("dynamodb")
    client.create_table(
        TableName="rows",
        KeySchema=[
            {"AttributeName": "p", "KeyType": "HASH"},
            {"AttributeName": "s", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_other",
                "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return client


def _item(s: str, p: str = "p", **more: str) -> dict[str, Any]:
    texts = {"p": p, "s": s, **more}
    return {name: {"S": text} for name, text in texts.items()}


def _transact(client: Any, count: int, size: int) -> Any:
    puts = [
        {"Put": {"TableName": "rows", "Item": _item(str(number), d="x" * size)}}
        for number in range(count)
    ]
    return client.transact_write_items(TransactItems=puts)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: _transact(c, 101, 1), "Between 1 and 100"),
        (lambda c: _transact(c, 11, 390 * KB), "4MB transaction size limit"),
        (lambda c: c.put_item(TableName="rows", Item=_item("s", d="x" * (400 * KB))), "Item size"),
        (lambda c: c.put_item(TableName="rows", Item=_item("")), "empty string"),
        (lambda c: c.put_item(TableName="rows", Item=_item("s", other="")), "empty string"),
        (lambda c: c.put_item(TableName="rows", Item=_item("s", p="é" * 1025)), "2048 bytes"),
        (lambda c: c.put_item(TableName="rows", Item=_item("x" * 1025)), "1024 bytes"),
        (
            lambda c: c.delete_item(
                TableName="rows",
                Key=_item("s"),
                ConditionExpression=" OR ".join(["attribute_exists(d)"] * 200),
            ),
            "Expression size",
        ),
    ],
)
def test_a_request_above_a_limit_is_refused_and_changes_nothing(
    client: Any, call: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        call(client)
    assert client.scan(TableName="rows")["Items"] == []
    assert client.scan(TableName="rows", IndexName="by_other")["Items"] == []


def test_what_is_at_the_limits_is_accepted(client: Any) -> None:
    _transact(client, 100, 1)
    client.put_item(TableName="rows", Item=_item("x" * 1024, p="é" * 1024, other="x" * 2048))


def test_a_batch_of_reads_returns_sixteen_megabytes_and_the_keys_that_are_left(
    client: Any,
) -> None:
    keys = [_item(f"{number:02}") for number in range(42)]
    for key in keys:
        client.put_item(TableName="rows", Item=key | _item(key["s"]["S"], d="x" * (399 * KB)))
    answer = client.batch_get_item(RequestItems={"rows": {"Keys": keys}})
    read, left = answer["Responses"]["rows"], answer["UnprocessedKeys"]["rows"]["Keys"]
    assert len(read) == 16 * MB // (399 * KB)
    assert [{name: one[name] for name in "ps"} for one in read] + left == keys
