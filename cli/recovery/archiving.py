"""Adds the plays that are missing in the archive, in one pass over Plays."""

from collections.abc import Callable
from hashlib import blake2b

from topk.domain.owner import Owner
from topk.stores.codecs.compacted_chunks import is_derived
from topk.stores.s3.archive import Archive, day_of
from topk.stores.tables.markers import is_marker
from topk.stores.tables.play_owners import PlayOwners
from topk.stores.tables.plays import Plays, chunk_key, fetched_at
from topk.usecases.archive.archive_plays import archive_plays

ROWS = 1000
FILE_CHUNKS = 2000
"""Chunks per file: about 1 MB."""

Key = tuple[Owner, str]


class Lacking:
    """Tests whether a chunk is missing in the archive.

    Takes about 100 bytes of memory for each archived chunk of the requested days.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._days: dict[str, set[bytes]] = {}

    def __call__(self, key: Key) -> bool:
        day = day_of(fetched_at(key[1]))
        if day not in self._days:
            self._days[day] = {
                _digest((owner, chunk_key(moment, provider, crawl_id)))
                for owner, provider, moment, crawl_id in self._archive.chunks_of(day)
            }
        return _digest(key) not in self._days[day]


def archive_days(
    source: PlayOwners,
    plays: Plays,
    archive: Archive,
    *,
    since: str,
    passed: Callable[[int], None],
) -> int:
    """Copies chunks fetched since the day `since` (UTC) that are in no file yet, and all deletions.

    Returns the number of copied chunks. Removes nothing: after a loss in Plays the archive is
    unchanged.
    """
    lacking = Lacking(archive)
    waiting: dict[str, list[Key]] = {}
    chunks = 0

    def flush(day: str) -> int:
        return archive_plays(waiting.pop(day), log=plays, archive=archive).chunks

    after = None
    while True:
        keys, after = source.keys(after, rows=ROWS)
        for key in keys:
            if is_derived(key[1]):
                continue
            day = "" if is_marker(key[1]) else day_of(fetched_at(key[1]))
            if day and (day < since or not lacking(key)):
                continue
            waiting.setdefault(day, []).append(key)
            if len(waiting[day]) == FILE_CHUNKS:
                chunks += flush(day)
        passed(len(keys))
        if after is None:
            break
    return chunks + sum(flush(day) for day in list(waiting))


def _digest(key: Key) -> bytes:
    owner, chunk = key
    return blake2b(f"{owner.key}\n{chunk}".encode(), digest_size=16).digest()
