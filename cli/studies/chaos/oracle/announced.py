"""Checks, after the faults have ended, that tenants got the events that docs/events.md promises."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from cli.in_memory.cloud import Event
from cli.studies.chaos.fault_run import FaultRun
from simulator.emulator.process import ROOT
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import DAYS
from topk.stores.queues.announcements import CHANGED, ERASED
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists

_SCHEMAS = ROOT / "docs" / "events"


def announcement_errors(fault_run: FaultRun) -> Iterator[str]:
    """What is wrong for a consumer that keeps the highest version of each user's list.

    Compares with the stored lists, so call it before any read rebuilds them.
    """
    by_owner: dict[Owner, list[Event]] = defaultdict(list)
    for event in fault_run.cloud.events:
        by_owner[event.owner].append(event)
        if fault_run.buses.get(event.owner.tenant) != event.bus:
            yield f"{event.owner.key}: announced on the bus {event.bus!r}"
        if more := {*event.detail}.union(*event.songs) - _allowed(event.kind):
            yield f"{event.owner.key}: an event has undocumented fields: {sorted(more)}"
    for listener in fault_run.world.listeners:
        if listener.tenant in fault_run.buses:
            owner = Owner(listener.tenant, listener.user)
            last = _last(by_owner[owner])
            if wrong := _wrong(fault_run, owner, last):
                yield f"{owner.key}: the last event {wrong}"


def _last(events: list[Event]) -> list[Event]:
    """The events of the highest version; each must be right, since their order is not fixed."""
    highest = max((event.detail["version"] for event in events), default=0)
    return [event for event in events if event.detail["version"] == highest]


def _wrong(fault_run: FaultRun, owner: Owner, last: list[Event]) -> str:
    withdrawn = bool(last) and all(event.kind == ERASED for event in last)
    if owner in fault_run.society.oracle.erased:
        return "" if withdrawn else "does not withdraw the list of an erased user"
    stored, version = TopLists().get(owner)
    profile = Profiles().get(owner)
    if stored is None or profile is None:
        return ""
    if profile.visibility is Visibility.PRIVATE:
        return "" if withdrawn else "does not withdraw a private list"
    expected = _expected(stored, profile)
    if expected is None:
        return ""
    if not last or any(event.detail["version"] != version for event in last):
        return "is not about the current list"
    if any(event.kind != CHANGED or _content(event) != expected for event in last):
        return "differs from the list that others can read"
    return ""


def _expected(stored: TopList, profile: Profile) -> dict[str, Any] | None:
    """The content to announce; None if the next read or crawl has to rebuild the list first."""
    made_for = stored.redacted.without if stored.redacted else b""
    wanted = profile.hidden.stamp if profile.hidden else b""
    if made_for != wanted:
        return None
    shown = stored.redacted or stored
    return {
        "as_of": stored.as_of,
        "complete_days": (shown.completeness.complete_days, DAYS),
        "songs": [
            (song.song_id, song.title, tuple(song.singers), song.listen_count)
            for song in shown.songs
        ],
    }


def _content(event: Event) -> dict[str, Any]:
    known = event.detail["completeness"]
    return {
        "as_of": date.fromisoformat(event.detail["as_of"]),
        "complete_days": (known["complete_days"], known["of_days"]),
        "songs": [
            (song["song_id"], song["title"], tuple(song["singers"]), song["listen_count"])
            for song in sorted(event.songs, key=lambda song: int(song["rank"]))
        ],
    }


@cache
def _allowed(kind: str) -> frozenset[str]:
    """The field names in the documented schema of an event."""
    schema = json.loads((_SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))
    return frozenset(_named(schema))


def _named(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from _named(inner)
        yield from _named(inner.get("items", {}))
