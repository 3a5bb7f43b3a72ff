"""Whether tenants were told what docs/events.md promises them, once the world has healed."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from cli.in_memory.cloud import Event
from cli.studies.chaos.storm import Storm
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


def wrongly_told(storm: Storm) -> Iterator[str]:
    """What a consumer that keeps the highest version of each user has wrong.

    Looks at lists as they stand: before anybody who looks has them made anew.
    """
    by_owner: dict[Owner, list[Event]] = defaultdict(list)
    for event in storm.cloud.events:
        by_owner[event.owner].append(event)
        if storm.buses.get(event.owner.tenant) != event.bus:
            yield f"{event.owner.key}: told on the bus {event.bus!r}"
        if more := {*event.detail}.union(*event.songs) - _allowed(event.kind):
            yield f"{event.owner.key}: an event tells more than it may: {sorted(more)}"
    for listener in storm.world.listeners:
        if listener.tenant in storm.buses:
            owner = Owner(listener.tenant, listener.user)
            last = _last(by_owner[owner])
            if wrong := _wrong(storm, owner, last):
                yield f"{owner.key}: the last event {wrong}"


def _last(events: list[Event]) -> list[Event]:
    """Those of the highest version: they come in any order, so that each has to hold."""
    highest = max((event.detail["version"] for event in events), default=0)
    return [event for event in events if event.detail["version"] == highest]


def _wrong(storm: Storm, owner: Owner, last: list[Event]) -> str:
    taken_back = bool(last) and all(event.kind == ERASED for event in last)
    if owner in storm.society.oracle.erased:
        return "" if taken_back else "does not take back the list of an erased user"
    stored, version = TopLists().get(owner)
    profile = Profiles().get(owner)
    if stored is None or profile is None:
        return ""
    if profile.visibility is Visibility.PRIVATE:
        return "" if taken_back else "does not take back a private list"
    expected = _told_of(stored, profile)
    if expected is None:
        return ""
    if not last or any(event.detail["version"] != version for event in last):
        return "is not about the list as it stands"
    if any(event.kind != CHANGED or _shown(event) != expected for event in last):
        return "does not tell the list as others find it"
    return ""


def _told_of(stored: TopList, profile: Profile) -> dict[str, Any] | None:
    """What has to be told; None where the list is to be made anew by the next look or crawl."""
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


def _shown(event: Event) -> dict[str, Any]:
    told, known = event.detail, event.detail["completeness"]
    return {
        "as_of": date.fromisoformat(told["as_of"]),
        "complete_days": (known["complete_days"], known["of_days"]),
        "songs": [
            (song["song_id"], song["title"], tuple(song["singers"]), song["listen_count"])
            for song in sorted(event.songs, key=lambda song: int(song["rank"]))
        ],
    }


@cache
def _allowed(kind: str) -> frozenset[str]:
    """The names that the documented schema of an event knows."""
    schema = json.loads((_SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))
    return frozenset(_named(schema))


def _named(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from _named(inner)
        yield from _named(inner.get("items", {}))
