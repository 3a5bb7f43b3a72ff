"""Plays: an append-only log of what each crawl brought, out of which owners may delete."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from topk.domain.chunk import Chunk, remaining
from topk.domain.errors import MalformedMessageError, StoreError
from topk.domain.owner import Owner
from topk.domain.play import Brought, Play
from topk.domain.play_log import Entries
from topk.domain.privacy.deletion import Deletion, Deletions
from topk.stores.codecs.chunk_format import decode, encode
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.delete_partition import erase_partition
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import PlaysModel
from topk.stores.tables import deletions

LARGEST_ROW_BYTES = 350_000
"""Of a chunk's plays. An item of DynamoDB holds 400 KB with its keys."""
_AT_ONCE = 25
"""Rows of a batch write."""


class Plays:
    """Raises StoreError where the table fails. `retention_days` is how long a chunk is kept."""

    def __init__(self, *, retention_days: int) -> None:
        self._retention = retention_days * 86_400

    def append(self, chunks: Iterable[Chunk]) -> None:
        """Writes all chunks or raises; what was written before a failure does no harm."""
        with translated("write plays"), PlaysModel.batch_write() as batch:
            for chunk in chunks:
                for row in self._rows(chunk):
                    batch.save(row)

    def _rows(self, chunk: Chunk) -> Iterator[PlaysModel]:
        """The chunk as one row, or as several where it is too large for one."""
        body = encode(chunk.plays)
        if len(body) > LARGEST_ROW_BYTES and len(chunk.plays) > 1:
            middle = len(chunk.plays) // 2
            for part, plays in enumerate((chunk.plays[:middle], chunk.plays[middle:])):
                yield from self._rows(
                    replace(chunk, crawl_id=f"{chunk.crawl_id}.{part}", plays=plays)
                )
        else:
            yield PlaysModel(
                chunk.owner.key,
                _name(chunk),
                body=body,
                expires_at=chunk.fetched_at + self._retention,
            )

    def since(self, owner: Owner, moment: int, *, until: int | None = None) -> list[Brought]:
        """All that was fetched at or after `moment` and is not deleted: every play that began
        since is among it.

        Where `until` is given, only what was fetched before it.
        """
        return self.begin_since(owner, moment, until=until)()

    def begin_since(
        self, owner: Owner, moment: int, *, until: int | None = None
    ) -> Callable[[], list[Brought]]:
        """As `since`, started; awaited when the result is called."""
        # Keys continue after the time, so that none fetched at `until` sorts before it.
        last = None if until is None else _sortable(until)
        with translated("read plays"):
            found = rows.begin_query(
                PlaysModel, owner.key, first=_sortable(moment), last=last, consistent=True
            )

        def brought() -> list[Brought]:
            with translated("read plays"):
                told = [(row["chunk"]["S"], row["body"]["B"]) for row in found()]
            if until is None:
                marks = [deletions.read(*row) for row in told if is_deletion(row[0])]
            else:
                marks = self.deletions(owner)
            chunks = [_brought(*row) for row in told if not is_deletion(row[0])]
            gone = Deletions(marks)
            return [(at, _kept(plays, gone)) for at, plays in chunks] if gone else chunks

        return brought

    def deletions(self, owner: Owner) -> list[Deletion]:
        with translated("read deletions"):
            found = rows.query(PlaysModel, owner.key, first=deletions.FIRST, consistent=True)
            return [deletions.read(row["chunk"]["S"], row["body"]["B"]) for row in found]

    def chunks(self, owner: Owner, *, since: int = 0) -> Iterator[Chunk]:
        """The chunks fetched since, page by page, with what is deleted and not yet taken out."""
        with translated("read plays"):
            for row in PlaysModel.query(
                owner.key,
                PlaysModel.chunk.between(_sortable(since), deletions.FIRST),
                consistent_read=True,
            ):
                yield _chunk(owner, row.chunk, row.body)

    def entries(self, keys: Iterable[tuple[Owner, str]]) -> Entries:
        """What is still there under `keys` (owner, range key), in no order. One row that cannot be
        read hides no other."""
        chunks, marks, unreadable = [], [], 0
        with translated("read plays"):
            wanted = ((owner.key, key) for owner, key in keys)
            for row in rows.get_many(PlaysModel, wanted):
                owner, key, body = (
                    Owner.parse(row["owner"]["S"]),
                    row["chunk"]["S"],
                    row["body"]["B"],
                )
                try:
                    if is_deletion(key):
                        marks.append((owner, deletions.read(key, body)))
                    else:
                        chunks.append(_chunk(owner, key, body))
                except (StoreError, ValueError):
                    unreadable += 1
        return Entries(chunks, marks, unreadable)

    def mark(self, owner: Owner, deletion: Deletion) -> None:
        """Write `deletion`; readers omit the plays that it covers."""
        with translated("write deletion"):
            deletions.row(owner, deletion).save()

    def unmark(self, owner: Owner, superseded: Iterable[Deletion]) -> None:
        """Forgets deletions that a later one covers."""
        with translated("forget deletions"), PlaysModel.batch_write() as batch:
            for deletion in superseded:
                batch.delete(deletions.row(owner, deletion))

    def purge(self, owner: Owner, *, since: int = 0) -> int:
        """Takes what is deleted out of the chunks fetched since; returns how many it was in.

        What stays of a chunk is written before the chunk is taken away, so that a crash leaves a
        play twice and never loses one.
        """
        gone = Deletions(self.deletions(owner))
        return self.take_out(owner, gone.cover, since=since) if gone else 0

    def take_out(self, owner: Owner, unwanted: Callable[[Play], bool], *, since: int) -> int:
        """Takes the `unwanted` plays out of the chunks fetched since, as `purge` does."""
        found = (
            (chunk, tuple(play for play in chunk.plays if not unwanted(play)))
            for chunk in self.chunks(owner, since=since)
        )
        touched = ((chunk, kept) for chunk, kept in found if len(kept) < len(chunk.plays))
        purged = 0
        while some := list(islice(touched, _AT_ONCE)):
            left = [remaining(chunk, kept) for chunk, kept in some if kept]
            # A crawl that was repeated leaves the same row twice, and no batch takes one twice.
            self.append({_name(chunk): chunk for chunk in left}.values())
            with translated("delete plays"), PlaysModel.batch_write() as batch:
                for chunk, _ in some:
                    batch.delete(PlaysModel(owner.key, _name(chunk)))
            purged += len(some)
        return purged

    def erase(self, owner: Owner) -> Iterator[int]:
        """Erases all of the owner's rows, deletions included; yields after each page."""
        return erase_partition(PlaysModel, owner)


def _kept(plays: tuple[Play, ...], gone: Deletions) -> tuple[Play, ...]:
    return tuple(play for play in plays if not gone.cover(play))


def _brought(range_key: str, body: bytes) -> Brought:
    moment, provider, _ = range_key.split("#", 2)
    return int(moment), decode(body, provider)


def is_deletion(range_key: str) -> bool:
    return range_key.startswith(deletions.FIRST)


def _name(chunk: Chunk) -> str:
    return chunk_key(chunk.fetched_at, chunk.provider, chunk.crawl_id)


def chunk_key(moment: int, provider: str, crawl_id: str) -> str:
    """The range key of the chunk that was fetched at `moment` (epoch seconds)."""
    return f"{_sortable(moment)}#{provider}#{crawl_id}"


def _chunk(owner: Owner, key: str, body: bytes) -> Chunk:
    moment, provider, crawl_id = key.split("#", 2)
    return Chunk(owner, provider, int(moment), crawl_id, decode(body, provider))


def fetched_at(range_key: str) -> int:
    """The moment (epoch seconds) in the range key of a chunk or a deletion.

    Raises MalformedMessageError.
    """
    try:
        return int(range_key.removeprefix(deletions.FIRST).partition("#")[0])
    except ValueError as error:
        raise MalformedMessageError("chunk key without a time") from error


def chunk_id(range_key: str) -> str:
    """The crawl's id in the range key of a chunk."""
    return range_key.rpartition("#")[2]


def _sortable(moment: int) -> str:
    return f"{moment:010}"
