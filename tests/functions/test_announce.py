"""announce: batches as the stream of TopLists delivers them, and events of other functions."""

import json
from datetime import date
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from cli.sandbox.deployment import EVENTS, REGION
from tests.fakes import ANNA
from tests.functions.conftest import Stage
from topk.domain.errors import StoreError
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.top_list import TopList
from topk.stores.queues.announcements import Announcements
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}
FIRST, SECOND = "111000000000000000001", "111000000000000000002"


def _events() -> list[tuple[str, Any]]:
    """(kind, detail) of the events since the last call."""
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.get_queue_url(QueueName=EVENTS)["QueueUrl"]
    found: list[tuple[str, Any]] = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
            body = json.loads(one["Body"])
            found.append((body["detail-type"], body["detail"]))
    return found


def _list() -> None:
    empty = TopList((), date(2026, 11, 21), "UTC", Completeness(), Past())
    TopLists(clock=lambda: 0.001).put(ANNA, empty, replacing=0)


@pytest.mark.parametrize("fixture", ["written", "repeated", "several"])
def test_a_list_is_announced_once_per_batch_to_its_subscribed_tenant(
    stage: Stage, fixture: str
) -> None:
    _list()
    assert stage.play(f"announce/{fixture}") == DONE
    [(kind, detail)] = _events()
    assert (kind, detail["tenant"], detail["user_id"]) == ("TopListChanged", "harbor", "anna")


def test_unknown_users_are_not_announced(stage: Stage) -> None:
    assert stage.play("announce/of_nobody") == DONE
    assert stage.changed == {}


def test_refused_events_are_reported_by_their_first_record(stage: Stage) -> None:
    _list()
    with patch.object(Announcements, "send", lambda _, events: {one.owner for one in events}):
        answer = stage.play("announce/repeated")
    assert answer == {"batchItemFailures": [{"itemIdentifier": FIRST}]}


def test_the_whole_batch_is_retried_if_tables_or_bus_are_unavailable(stage: Stage) -> None:
    _list()

    def fail(*_: object) -> None:
        raise StoreError("put events: InternalException")

    with patch.object(Announcements, "send", fail):
        answer = stage.play("announce/several")
    assert [one["itemIdentifier"][-1] for one in answer["batchItemFailures"]] == ["1", "2", "3"]


def test_becoming_private_withdraws_the_list(stage: Stage) -> None:
    stage.play("aggregate/insert")
    stage.play("announce/written")
    [(_, public)] = _events()
    assert public["songs"]
    event = json.loads(json.dumps(_change("private")))
    assert stage.call("account", event)["statusCode"] == 200
    stage.play("announce/written")
    [(kind, private)] = _events()
    assert (kind, set(private)) == ("TopListErased", {"schema", "tenant", "user_id", "version"})
    assert private["version"] > public["version"]


def test_settings_that_keep_the_visibility_write_no_list(stage: Stage) -> None:
    _list()
    stage.play("account/change_nothing")
    assert TopLists().get(ANNA)[1] == 1


def test_an_erased_user_is_withdrawn_at_once_and_at_the_sweep_even_without_a_list(
    stage: Stage,
) -> None:
    stage.play("erase/first_pass")
    [(kind, first)] = _events()
    assert (kind, first["user_id"]) == ("TopListErased", "hugo")
    stage.play("erase/sweep")
    [(kind, last)] = _events()
    assert (kind, last["user_id"]) == ("TopListErased", "hugo")
    assert last["version"] >= first["version"]


def test_an_erasure_completes_only_after_the_tenants_event(stage: Stage) -> None:
    with (
        patch.object(Announcements, "send", lambda _, events: {one.owner for one in events}),
        pytest.raises(StoreError, match="put events"),
    ):
        stage.play("erase/first_pass")
    stage.play("erase/first_pass")
    assert [kind for kind, _ in _events()] == ["TopListErased"]


def test_a_late_list_of_a_user_being_erased_is_not_announced(stage: Stage) -> None:
    Profiles().mark_erasing(ANNA, "fake-receipt-anna")
    _list()
    assert stage.play("announce/written") == DONE
    assert _events() == []


def _change(visibility: str) -> Any:
    from tests.functions.conftest import EVENTS as FOLDER

    event = json.loads((FOLDER / "account" / "change.json").read_text(encoding="utf-8"))
    event["body"] = json.dumps({"visibility": visibility})
    event["isBase64Encoded"] = False
    return event
