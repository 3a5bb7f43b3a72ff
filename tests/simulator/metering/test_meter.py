import json
from collections.abc import Mapping
from typing import Any

from simulator.metering.heat import heat
from simulator.metering.item_size import Item
from simulator.metering.meter import Line, Meter


class Rows:
    """One table, `t`, keyed by owner."""

    def __init__(self) -> None:
        self.rows: dict[str, Item] = {}

    def keys(self, _table: str) -> list[str]:
        return ["owner"]

    def item(self, _table: str, key: Mapping[str, Any]) -> Item | None:
        return self.rows.get(key["owner"]["S"])


def put(meter: Meter, owner: str, size: int, status: int = 200) -> None:
    item = {"owner": {"S": owner}, "b": {"S": "x" * size}}

    def send() -> tuple[int, None, bytes]:
        assert isinstance(meter.tables, Rows)
        if status == 200:
            meter.tables.rows[owner] = item
        return status, None, b"{}"

    body = json.dumps({"TableName": "t", "Item": item}).encode()
    assert meter.through("DynamoDB_20120810.PutItem", body, send)[0] == status


PUT = Line("crawl", "dynamodb", "PutItem", "t")


def test_requests_add_up_by_function_operation_and_table() -> None:
    meter = Meter(Rows(), of="crawl")
    put(meter, "anna", 100)
    put(meter, "ben", 1500)
    found = meter.used[PUT]
    assert (found.requests, found.items, found.write, found.read) == (2, 2, 3.0, 0.0)


def test_a_write_whose_condition_failed_is_paid_for() -> None:
    meter = Meter(Rows(), of="crawl")
    put(meter, "anna", 2500)
    put(meter, "anna", 10, status=400)
    assert meter.used[PUT].write == 3 + 3


def test_only_what_succeeded_is_heard() -> None:
    heard: list[str] = []
    meter = Meter(Rows(), heard=lambda operation, _: heard.append(operation))
    put(meter, "anna", 10)
    put(meter, "anna", 10, status=400)
    assert heard == ["PutItem"]


def test_requests_to_other_services_are_counted() -> None:
    meter = Meter(Rows(), of="dispatch")
    body = json.dumps({"QueueUrl": "http://sqs/1/topk-spotify", "Entries": []}).encode()
    meter.through("AmazonSQS.SendMessageBatch", body, lambda: (200, None, b"{}"))
    meter.through("TrentService.Decrypt", b"{}", lambda: (200, None, b"{}"))
    assert meter.used[Line("dispatch", "sqs", "SendMessageBatch", "topk-spotify")].requests == 1
    assert meter.used[Line("dispatch", "kms", "Decrypt", "")].requests == 1


def test_heat_tells_how_much_the_hottest_key_bears() -> None:
    meter = Meter(Rows())
    for _ in range(3):
        put(meter, "anna", 10)
    put(meter, "ben", 10)
    assert heat(meter.heat)["t"].hottest == "anna"
    assert heat(meter.heat)["t"].share == 0.75
    assert heat({"empty": {}}) == {}
