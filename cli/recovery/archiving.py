"""A pass over Plays: the chunks of complete days go into the archive."""

from collections.abc import Callable, Collection

from topk.domain.owner import Owner
from topk.stores.archive import Archive, day_of
from topk.stores.play_owners import PlayOwners
from topk.stores.plays import Plays, fetched_at
from topk.usecases.archive_plays import archive_plays

ROWS = 1000
FILE_CHUNKS = 2000
"""Chunks to a file: about 1 MB."""


def archive_days(
    source: PlayOwners,
    plays: Plays,
    archive: Archive,
    *,
    since: str,
    until: str,
    tenants: Collection[str],
    passed: Callable[[int], None],
) -> int:
    """Copies what was fetched from the day `since` to before `until` (UTC); how many chunks.

    Files of these days from earlier passes go when all is written, so that a chunk that came late
    (a push bears the time of its plays) is archived, and none stands twice.
    """
    waiting: dict[str, list[tuple[Owner, str]]] = {}
    files: list[str] = []
    chunks = 0

    def flush(day: str) -> int:
        done = archive_plays(waiting.pop(day), chunks=plays, archive=archive)
        files.extend(done.files)
        return done.chunks

    after = None
    while True:
        keys, after = source.keys(after, rows=ROWS)
        for key in keys:
            day = day_of(fetched_at(key[1]))
            if since <= day < until:
                waiting.setdefault(day, []).append(key)
                if len(waiting[day]) == FILE_CHUNKS:
                    chunks += flush(day)
        passed(len(keys))
        if after is None:
            break
    chunks += sum(flush(day) for day in list(waiting))
    for tenant in tenants:
        archive.keep_only(frozenset(files), tenant=tenant, since=since, until=until)
    return chunks
