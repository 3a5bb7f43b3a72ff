"""Writes the formats of the previous release, next to the current ones.

A process of the previous release writes lists in version 2, and messages without later fields. It
can read the current formats, because readers of a format are released before its writers.
"""

import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import msgspec

from cli.in_memory.process import current
from topk.domain.toplist.top_list import TopList
from topk.stores.codecs import list_format
from topk.stores.queues import crawl_queues
from topk.stores.tables import top_lists

_LATER_FIELDS = ("booked", "tried", "slot")


@contextmanager
def releases() -> Iterator[None]:
    """While active, every process writes the formats of its own release."""
    encode, body = list_format.encode, crawl_queues._body  # noqa: SLF001 - a format of ours

    def list_of_release(found: TopList) -> bytes:
        return former_list(found) if _former() else encode(found)

    def body_of_release(*given: Any) -> str:
        written = body(*given)
        return former_message(written) if _former() else written

    with ExitStack() as stack:
        stack.enter_context(patch.object(top_lists, "encode", list_of_release))
        stack.enter_context(patch.object(crawl_queues, "_body", body_of_release))
        yield


def former_list(found: TopList) -> bytes:
    """Version 2 of the list format, which has no previous weeks."""
    songs = [
        (
            song.song_id,
            song.title,
            song.singers,
            song.albums,
            song.listen_count,
            song.last_listened_at,
            song.url,
            song.image,
            song.providers,
        )
        for song in found.songs
    ]
    known = found.completeness
    gaps = [day.toordinal() for day in known.suspected_gaps]
    wire = (songs, known.complete_days, gaps, round(known.inferred_share * 1000))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return bytes([2]) + deflate.compress(msgspec.msgpack.encode(wire)) + deflate.flush()


def former_message(body: str) -> str:
    """A crawl message without the fields that were added after the first release."""
    fields = json.loads(body)
    return json.dumps({name: fields[name] for name in fields if name not in _LATER_FIELDS})


def _former() -> bool:
    process = current()
    return process is not None and process.former
