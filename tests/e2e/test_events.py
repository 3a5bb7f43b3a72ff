"""A subscribed tenant gets events of its users' lists, with only what others may see."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli.local_stack.declared import declared
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result
from infra_cdk import outputs
from infra_cdk.functions.layers import ROOT
from tests.e2e.canaries import of_deployment, of_sessions, of_world
from tests.e2e.overheard import Event, overheard
from tests.e2e.visiting import TENANT
from tests.waiting import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


@pytest.fixture
def hear(week: Result, stack: LocalStack) -> Iterator[Callable[[], list[Event]]]:
    assert week.faults == {}
    with overheard(stack, TENANT) as hear:
        yield hear


def _last(events: list[Event], person: Person) -> Any:
    of_person = [one for one in events if one["detail"]["user_id"] == person.user]
    return max(of_person, key=lambda one: int(one["detail"]["version"]), default=None)


def _listened(people: People, members: list[Person]) -> Person:
    """The last one with songs on their list."""
    return next(
        one
        for one in reversed(members)
        if len(people.expect(one, "GET", "/v1/me/top")["songs"]) > 1
    )


def test_events_contain_neither_hidden_songs_nor_secrets(
    stack: LocalStack, people: People, members: list[Person], hear: Callable[[], list[Event]]
) -> None:
    person = _listened(people, members)
    songs = people.expect(person, "GET", "/v1/me/top?k=30")["songs"]
    path = f"/v1/me/hidden/songs/{songs[0]['song_id']}"
    assert people.call(person, "PUT", path).status_code == 204
    try:
        event = eventually(lambda: _last(hear(), person))
        assert event["detail-type"] == "TopListChanged"
        told = [one["song_id"] for one in event["detail"]["songs"]]
        assert told[: len(songs) - 1] == [one["song_id"] for one in songs[1:]]
        schema = ROOT / "docs" / "events" / "TopListChanged.json"
        Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(
            event["detail"]
        )
    finally:
        assert people.call(person, "DELETE", path).status_code == 204
    first = songs[0]["song_id"]
    eventually(lambda: _last(hear(), person)["detail"]["songs"][0]["song_id"] == first)
    text = json.dumps(hear())
    secrets = (
        of_world(people.world("GET", "secrets")),
        of_deployment(stack, list(declared().providers)),
        of_sessions([people.token(one) for one in people.everyone]),
    )
    known = [secret for found in secrets for of_kind in found.values() for secret in of_kind]
    assert len(known) > 10
    assert [secret for secret in known if secret in text] == []
    assert MAIL.findall(text) == []
    accounts = [account for one in people.everyone for account in one.accounts.values()]
    assert [account for account in accounts if account in text] == []


def test_a_list_is_withdrawn_when_private_and_announced_again_when_not(
    people: People, members: list[Person], hear: Callable[[], list[Event]]
) -> None:
    person = _listened(people, members)
    people.expect(person, "PATCH", "/v1/me", {"visibility": "private"})
    eventually(lambda: (_last(hear(), person) or {}).get("detail-type") == "TopListErased")
    assert set(_last(hear(), person)["detail"]) == {"schema", "tenant", "user_id", "version"}
    people.expect(person, "PATCH", "/v1/me", {"visibility": "followers"})
    eventually(lambda: _last(hear(), person)["detail-type"] == "TopListChanged")


def test_an_unsubscribed_tenant_gets_no_events(
    stack: LocalStack, people: People, hear: Callable[[], list[Event]]
) -> None:
    assert outputs.event_bus("meadow") not in stack.outputs
    other = next(one for one in people.everyone if one.tenant == "meadow")
    people.expect(other, "PATCH", "/v1/me", {"visibility": "private"})
    people.expect(other, "PATCH", "/v1/me", {"visibility": "followers"})
    assert [one for one in hear() if one["detail"]["tenant"] != TENANT] == []
