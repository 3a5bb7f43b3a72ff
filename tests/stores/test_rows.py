"""Reading rows from DynamoDB: all pages, and unprocessed keys of batches."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from topk.domain.errors import StoreError
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.models import PlaysModel

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]
KEYS = [("harbor#anna", f"{number:010}#spotify#fake-crawl") for number in range(230)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], list[dict[str, Any]]]:
    """Answers every call with `answer`; returns the list of calls."""

    def answering(answer: Answer) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = []

        def call(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
            calls.append({"operation": operation, **arguments})
            return answer(arguments)

        client = SimpleNamespace(
            _make_api_call=call, batch_get_item=lambda **asked: call("BatchGetItem", asked)
        )
        table = SimpleNamespace(table_name="plays", connection=SimpleNamespace(client=client))
        monkeypatch.setattr(PlaysModel, "_get_connection", lambda: table)
        return calls

    return answering


def test_a_query_reads_all_pages(
    asked: Callable[[Answer], list[dict[str, Any]]],
) -> None:
    pages: list[dict[str, Any]] = [
        {"Items": [{"chunk": {"S": "1"}}], "LastEvaluatedKey": {"chunk": {"S": "1"}}},
        {"Items": [], "LastEvaluatedKey": {"chunk": {"S": "2"}}},
        {"Items": [{"chunk": {"S": "3"}}]},
    ]
    calls = asked(lambda _: pages[len(calls) - 1])
    found = rows.query(PlaysModel, "harbor#anna", first="1", consistent=True)
    assert [row["chunk"]["S"] for row in found] == ["1", "3"]
    assert [one.get("ExclusiveStartKey", {}).get("chunk") for one in calls[1:]] == [
        {"S": "1"},
        {"S": "2"},
    ]
    assert all(one["ConsistentRead"] for one in calls)


def test_unprocessed_keys_of_a_batch_are_requested_again(
    asked: Callable[[Answer], list[dict[str, Any]]],
) -> None:
    def twenty_at_a_time(arguments: Mapping[str, Any]) -> dict[str, Any]:
        wanted = arguments["RequestItems"]["plays"]
        assert len(wanted["Keys"]) <= 100
        assert wanted["ConsistentRead"]
        left = wanted["Keys"][20:]
        unprocessed = {"plays": wanted | {"Keys": left}} if left else {}
        return {"Responses": {"plays": wanted["Keys"][:20]}, "UnprocessedKeys": unprocessed}

    asked(twenty_at_a_time)
    found = [(row["owner"]["S"], row["chunk"]["S"]) for row in rows.get_many(PlaysModel, KEYS * 2)]
    assert sorted(found) == KEYS


def test_a_batch_that_stays_unprocessed_fails(
    asked: Callable[[Answer], list[dict[str, Any]]],
) -> None:
    asked(lambda call: {"Responses": {}, "UnprocessedKeys": call["RequestItems"]})
    with pytest.raises(StoreError, match="unprocessed"):
        list(rows.get_many(PlaysModel, KEYS))
