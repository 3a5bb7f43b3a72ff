"""Events on tenants' buses: their content, and the handling of refused entries."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from moto import mock_aws

from tests.stores.test_top_lists import LIST, SONG
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.toplist.announcement import Announcement
from topk.domain.toplist.top_list import TopList
from topk.stores.dynamodb.fast_client import FastClient
from topk.stores.queues.announcements import LARGEST_BYTES, MOST_ENTRIES, Announcements, entry

ANNA, BEN, CARL = (Owner("harbor", user) for user in ("anna", "ben", "carl"))
BUS = "topk-test-harbor"
BUSES = {"harbor": BUS}
GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = Path(__file__).parents[2] / "docs" / "events"
SHOWN = replace(LIST, redacted=None)
CHANGED, ERASED = Announcement(ANNA, 7, SHOWN), Announcement(ANNA, 8, None)


class FakeEvents:
    """Refuses the entries of the users in `refused` and keeps the others."""

    def __init__(self, refused: Sequence[str] = ()) -> None:
        self.refused = refused
        self.calls: list[list[Mapping[str, str]]] = []

    def put_events(self, *, Entries: list[Mapping[str, str]]) -> dict[str, Any]:  # noqa: N803
        self.calls.append(Entries)
        users = [json.loads(one["Detail"])["user_id"] for one in Entries]
        return {
            "FailedEntryCount": len(set(users) & set(self.refused)),
            "Entries": [
                {"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"}
                if user in self.refused
                else {"EventId": user}
                for user in users
            ],
        }


@pytest.mark.parametrize("announcement", [CHANGED, ERASED], ids=["changed", "erased"])
def test_an_event_matches_its_schema_and_golden_file(announcement: Announcement) -> None:
    made = entry(announcement, BUS)
    assert (made["EventBusName"], made["Source"]) == (BUS, "topk")
    schema = json.loads((SCHEMAS / f"{made['DetailType']}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    detail = json.loads(made["Detail"])
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(detail)
    golden = GOLDEN / f"{made['DetailType']}.json"
    assert detail == json.loads(golden.read_text(encoding="utf-8"))


def test_no_schema_accepts_undeclared_fields() -> None:
    for announcement in (CHANGED, ERASED):
        made = entry(announcement, BUS)
        schema = json.loads((SCHEMAS / f"{made['DetailType']}.json").read_text(encoding="utf-8"))
        detail = {**json.loads(made["Detail"]), "access_token": "fake-access-token"}
        assert not Draft202012Validator(schema).is_valid(detail)


def test_a_tenant_without_a_bus_gets_no_event() -> None:
    events = FakeEvents()
    store = Announcements(lambda: events, buses=BUSES)
    assert not store.send([Announcement(Owner("meadow", "anna"), 1, None)])
    assert events.calls == []


def test_owners_of_refused_entries_are_returned() -> None:
    events = FakeEvents(refused=["ben"])
    store = Announcements(lambda: events, buses=BUSES)
    announcements = [Announcement(owner, 1, None) for owner in (ANNA, BEN, CARL)]
    assert store.send(announcements) == {BEN}


@given(st.lists(st.integers(0, 3 * LARGEST_BYTES // 2), max_size=30))
def test_calls_stay_within_eventbridges_limits_and_omit_no_event(sizes: list[int]) -> None:
    events = FakeEvents()
    store = Announcements(lambda: events, buses=BUSES)
    announcements = [
        Announcement(Owner("harbor", str(number)), 1, _titled("x" * size))
        for number, size in enumerate(sizes)
    ]
    assert not store.send(announcements)
    for call in events.calls:
        assert 0 < len(call) <= MOST_ENTRIES
        assert sum(len(one["Detail"].encode()) for one in call) <= LARGEST_BYTES
    users = [json.loads(one["Detail"])["user_id"] for call in events.calls for one in call]
    assert users == [str(number) for number in range(len(sizes))]


def test_a_list_that_is_too_long_is_cut_to_its_first_songs() -> None:
    long = SONG._replace(title="y" * (LARGEST_BYTES // 2))
    detail = json.loads(
        entry(Announcement(ANNA, 1, replace(SHOWN, songs=(long,) * 3)), "")["Detail"]
    )
    assert [one["rank"] for one in detail["songs"]] == [1]


def _titled(title: str) -> TopList:
    return replace(SHOWN, songs=(SONG._replace(title=title),))


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """Clients of EventBridge and SQS, without network access."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
    with mock_aws():
        yield (
            boto3.client("events", region_name="us-east-1"),
            boto3.client("sqs", region_name="us-east-1"),
        )


def test_a_rule_on_the_bus_delivers_an_event_to_a_queue(clients: tuple[Any, Any]) -> None:
    events, sqs = clients
    events.create_event_bus(Name=BUS)
    url = sqs.create_queue(QueueName="recommendations")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    pattern = json.dumps({"source": ["topk"], "detail-type": ["TopListChanged"]})
    events.put_rule(Name="lists", EventBusName=BUS, EventPattern=pattern)
    events.put_targets(
        Rule="lists", EventBusName=BUS, Targets=[{"Id": "1", "Arn": arn["QueueArn"]}]
    )
    short = FastClient(events)
    assert not Announcements(lambda: short, buses=BUSES).send([CHANGED, ERASED])
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    (event,) = [json.loads(one["Body"]) for one in messages]
    assert event["detail-type"] == "TopListChanged"
    assert event["detail"]["songs"][0]["title"] == SONG.title


def test_an_unavailable_bus_is_a_storage_failure(clients: tuple[Any, Any]) -> None:
    short = FastClient(clients[0])
    with pytest.raises(StoreError, match="put events"):
        Announcements(lambda: short, buses=BUSES).send([ERASED])
