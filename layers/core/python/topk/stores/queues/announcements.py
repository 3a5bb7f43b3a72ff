"""Tenants' event buses on EventBridge; docs/events.md describes the events.

Source of the limits: docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from topk.domain.owner import Owner
from topk.domain.toplist.announcement import Announcement
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import DAYS, Window
from topk.stores.dynamodb.error_mapping import translated

SOURCE, CHANGED, ERASED = "topk", "TopListChanged", "TopListErased"
SCHEMA = 1
MOST_ENTRIES = 10
LARGEST_BYTES = 240_000
"""Maximum size of a call. EventBridge's limit is 262,144, including names and times."""

Entry = dict[str, str]


class Announcements:
    """`events` creates a client when there is something to publish; `buses` are by tenant."""

    def __init__(self, events: Callable[[], Any], *, buses: Mapping[str, str]) -> None:
        self._events, self._buses = events, buses

    def send(self, told: Sequence[Announcement]) -> Collection[Owner]:
        """Publish for tenants that have a bus; returns the owners that failed."""
        wanted = [one for one in told if one.owner.tenant in self._buses]
        entries = [entry(one, self._buses[one.owner.tenant]) for one in wanted]
        failed: set[Owner] = set()
        for span in _calls(entries):
            failed |= {wanted[index].owner for index in self._put(entries, span)}
        return failed

    def _put(self, entries: Sequence[Entry], span: range) -> list[int]:
        """The indices of rejected entries in `span`."""
        with translated("put events"):
            answer = self._events().put_events(Entries=[entries[index] for index in span])
        results = zip(span, answer["Entries"], strict=True)
        return [index for index, result in results if "EventId" not in result]


def entry(told: Announcement, bus: str) -> Entry:
    """An entry of PutEvents, with fewer songs if the list is too large."""
    songs = len(told.top_list.songs) if told.top_list else 0
    detail = msgspec.json.encode(_detail(told, songs))
    while len(detail) > LARGEST_BYTES and songs:
        songs -= 1
        detail = msgspec.json.encode(_detail(told, songs))
    return {
        "EventBusName": bus,
        "Source": SOURCE,
        "DetailType": CHANGED if told.top_list else ERASED,
        "Detail": detail.decode(),
    }


def _detail(told: Announcement, songs: int) -> dict[str, Any]:
    owner = told.owner
    named = {
        "schema": SCHEMA,
        "tenant": owner.tenant,
        "user_id": owner.user,
        "version": told.version,
    }
    return {**named, **_list(told.top_list, songs)} if told.top_list else named


def _list(found: TopList, songs: int) -> dict[str, Any]:
    window, known = Window.ending(found.as_of, found.time_zone), found.completeness
    return {
        "as_of": found.as_of.isoformat(),
        "window": {"start": window.start, "end": window.end},
        "completeness": {
            "complete_days": known.complete_days,
            "of_days": DAYS,
            "suspected_gaps": [day.isoformat() for day in known.suspected_gaps],
            "inferred_share": known.inferred_share,
        },
        "songs": [
            {
                "rank": rank,
                "song_id": song.song_id,
                "title": song.title,
                "singers": song.singers,
                "listen_count": song.listen_count,
            }
            for rank, song in enumerate(found.songs[:songs], start=1)
        ],
    }


def _calls(entries: Sequence[Entry]) -> Iterator[range]:
    """The spans of `entries` for one call each."""
    begin = size = 0
    for index, one in enumerate(entries):
        bytes_of = len(one["Detail"].encode())
        if index > begin and (index - begin == MOST_ENTRIES or size + bytes_of > LARGEST_BYTES):
            yield range(begin, index)
            begin, size = index, 0
        size += bytes_of
    if begin < len(entries):
        yield range(begin, len(entries))
