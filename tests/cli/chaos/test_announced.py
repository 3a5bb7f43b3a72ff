"""Wrong events to tenants are detected, and events are put on the buses as AWS accepts them."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cli.in_memory.cloud import Event
from cli.studies.chaos.fault_run import FaultRun
from cli.studies.chaos.oracle.announced import announcement_errors
from cli.studies.chaos.plan import Plan

Change = Callable[[Event], Event]


def changed(event: Event, **detail: Any) -> Event:
    return Event(event.bus, event.kind, {**event.detail, **detail})


def one_more(event: Event) -> Event:
    more = [{**song, "listen_count": song["listen_count"] + 1} for song in event.songs]
    return changed(event, songs=more)


def louder(event: Event) -> Event:
    more = [{**song, "url": "https://music.example"} for song in event.songs]
    return changed(event, songs=more)


WRONG: Mapping[str, tuple[Change, str]] = {
    "count": (one_more, "differs from the list that others can read"),
    "day": (
        lambda one: changed(one, as_of="2020-01-01"),
        "differs from the list that others can read",
    ),
    "older": (lambda one: changed(one, version=1), "is not about the current list"),
    "newer": (
        lambda one: changed(one, version=one.detail["version"] + 1),
        "is not about the current list",
    ),
    "kind": (lambda one: Event(one.bus, "TopListErased", one.detail), "undocumented fields"),
    "mail": (lambda one: changed(one, mail="fake@example.com"), "undocumented fields: ['mail']"),
    "link": (louder, "undocumented fields: ['url']"),
    "bus": (lambda one: Event("another", one.kind, one.detail), "announced on the bus 'another'"),
}


@pytest.fixture(scope="module")
def found() -> Mapping[str, list[str]]:
    """The findings after a storm without faults whose events were changed."""
    with FaultRun(Plan(seed=3, users=2)) as fault_run:
        fault_run.live()
        announced = [one for one in fault_run.cloud.events if one.kind == "TopListChanged"]
        others = [one for one in fault_run.cloud.events if one.kind != "TopListChanged"]
        judged = {"": [*announcement_errors(fault_run)], "nothing": []}
        for name, (change, _) in WRONG.items():
            fault_run.cloud.events = [*map(change, announced), *others]
            judged[name] = [*announcement_errors(fault_run)]
        fault_run.cloud.events = []
        return judged | {"nothing": [*announcement_errors(fault_run)]}


def test_documented_events_have_no_findings(found: Mapping[str, list[str]]) -> None:
    assert found[""] == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong_events_are_detected(found: Mapping[str, list[str]], name: str) -> None:
    assert any(WRONG[name][1] in line for line in found[name])


def test_a_missing_event_is_detected(found: Mapping[str, list[str]]) -> None:
    assert any("is not about the current list" in line for line in found["nothing"])
