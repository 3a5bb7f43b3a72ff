"""Plays: an append-only log of what each crawl brought, with its owner's markers beside it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from topk.domain.chunk import Chunk, compacted, remaining
from topk.domain.errors import MalformedMessageError, StoreError
from topk.domain.owner import Owner
from topk.domain.play import Brought, Play
from topk.domain.play_log import Corrected, Entries, History, standing
from topk.domain.privacy.deletion import Deletion, Deletions
from topk.domain.song.marks import SongMark
from topk.stores.codecs import compacted_chunks
from topk.stores.codecs.chunk_format import decode, encode
from topk.stores.codecs.compacted_chunks import COMPACTED_SECONDS
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.delete_partition import erase_partition
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import PlaysModel
from topk.stores.tables import markers

LARGEST_ROW_BYTES = 350_000
"""Of a chunk's plays. An item of DynamoDB holds 400 KB with its keys."""
_AT_ONCE = 25
"""Rows of a batch write."""
_Told = tuple[str, bytes]
"""A row's range key and body."""


class Plays:
    """Raises StoreError where the table fails. `retention_days` is how long a chunk is kept.

    `separate` are the providers, by tenant, whose plays must not be mixed with others.
    """

    def __init__(
        self, *, retention_days: int, separate: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self._retention = retention_days * 86_400
        self._separate: Mapping[str, frozenset[str]] = {} if separate is None else separate

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
                expires_at=chunk.fetched_at
                + (COMPACTED_SECONDS if chunk.compacted else self._retention),
            )

    def since(self, owner: Owner, moment: int, *, until: int | None = None) -> Sequence[Brought]:
        """All that was fetched at or after `moment` and is not deleted: every play that began
        since is among it.

        Where `until` is given, only what was fetched before it.
        """
        if until is None:
            return self.begin_history(owner, moment)().brought
        # Keys continue after the time, so that none fetched at `until` sorts before it.
        with translated("read plays"):
            found = rows.query(
                PlaysModel,
                owner.key,
                first=_sortable(moment),
                last=_sortable(until),
                consistent=True,
            )
            told = [(row["chunk"]["S"], row["body"]["B"]) for row in found]
        return _present([_brought(*row) for row in told], self.deletions(owner))

    def all(self, owner: Owner) -> Sequence[Brought]:
        """All that is stored and not deleted; plays of compacted chunks may be there twice."""
        gone = Deletions(self.deletions(owner))
        return [(one.fetched_at, _kept(one.plays, gone)) for one in self.chunks(owner)]

    def begin_history(self, owner: Owner, moment: int) -> Callable[[], History]:
        """As `since`, with corrections and hidden songs; started, and awaited when the result is
        called.
        """
        with translated("read plays"):
            found = rows.begin_query(
                PlaysModel, owner.key, first=_sortable(moment), consistent=True
            )

        def history() -> History:
            with translated("read plays"):
                read = _history([(row["chunk"]["S"], row["body"]["B"]) for row in found()])
                return replace(read, separate=self._separate.get(owner.tenant, frozenset()))

        return history

    def begin_long_history(
        self, owner: Owner, moment: int, *, recent: int
    ) -> Callable[[], History]:
        """As `begin_history`, for a `moment` before `recent`, from compacted chunks as far as
        there are any. Plays may be there twice.
        """
        begun = self.begin_history(owner, recent)
        with translated("read plays"):
            begun_compacted = rows.begin_query(
                PlaysModel,
                owner.key,
                first=compacted_chunks.first_key(moment),
                last=compacted_chunks.LAST,
                consistent=True,
            )

        def history() -> History:
            found = begun()
            gone = Deletions(found.deletions)
            with translated("read plays"):
                kept = [
                    _chunk(owner, row["chunk"]["S"], row["body"]["B"]) for row in begun_compacted()
                ]
            brought = [(one.fetched_at, _kept(one.plays, gone)) for one in kept]
            if found.compacted_through < recent:
                since = max(found.compacted_through, moment)
                brought += self.since(owner, since, until=recent)
            return replace(found, brought=[*brought, *found.brought])

        return history

    def compact(self, owner: Owner, brought: Iterable[Brought], *, through: int) -> None:
        """Write the plays of chunks that were fetched before `through` to compacted chunks."""
        self.append(compacted(owner, brought, through=through))

    def note_compacted(self, owner: Owner, *, through: int) -> None:
        """All chunks that were fetched before `through` are compacted."""
        with translated("write marker"), PlaysModel.batch_write() as batch:
            batch.save(
                PlaysModel(
                    owner.key,
                    compacted_chunks.MARKER,
                    body=compacted_chunks.marker_body(through),
                    expires_at=through + compacted_chunks.SILENT_SECONDS,
                )
            )

    def compacted_through(self, owner: Owner) -> int:
        """The end of the latest compacted chunk; 0 if there is none."""
        with translated("read plays"):
            between = PlaysModel.chunk.between(compacted_chunks.FIRST, compacted_chunks.LAST)
            latest = PlaysModel.query(owner.key, between, scan_index_forward=False, limit=1)
            return next((fetched_at(row.chunk) for row in latest), 0)

    def deletions(self, owner: Owner) -> list[Deletion]:
        found = self._markers(owner, last=markers.BEHIND_DELETIONS)
        return [markers.read_deletion(*row) for row in found]

    def corrections(self, owner: Owner) -> list[Corrected]:
        """Corrections, and those that were undone lately."""
        return [
            markers.read_correction(*row)
            for row in self._markers(owner)
            if markers.is_correction(row[0])
        ]

    def hidden(self, owner: Owner) -> list[SongMark]:
        return [markers.read_hidden(row[1]) for row in self._hidden(owner)]

    def _hidden(self, owner: Owner) -> list[_Told]:
        return [row for row in self._markers(owner) if markers.is_hidden(row[0])]

    def _markers(self, owner: Owner, *, last: str | None = None) -> list[_Told]:
        with translated("read markers"):
            found = rows.query(
                PlaysModel, owner.key, first=markers.FIRST, last=last, consistent=True
            )
            return [(row["chunk"]["S"], row["body"]["B"]) for row in found]

    def chunks(self, owner: Owner, *, since: int = 0) -> Iterator[Chunk]:
        """The chunks fetched since, compacted ones first, page by page, with what is deleted and
        not yet taken out.
        """
        earlier = compacted_chunks.first_key(since), compacted_chunks.LAST
        with translated("read plays"):
            for first, last in (earlier, (_sortable(since), markers.FIRST)):
                for row in PlaysModel.query(
                    owner.key, PlaysModel.chunk.between(first, last), consistent_read=True
                ):
                    yield _chunk(owner, row.chunk, row.body)

    def entries(self, keys: Iterable[tuple[Owner, str]]) -> Entries:
        """What is still there under `keys` (owner, range key), in no order. One row that cannot be
        read hides no other."""
        chunks, marks, corrected, unreadable = [], [], [], 0
        with translated("read plays"):
            wanted = ((owner.key, key) for owner, key in keys)
            for row in rows.get_many(PlaysModel, wanted):
                owner, key, body = (
                    Owner.parse(row["owner"]["S"]),
                    row["chunk"]["S"],
                    row["body"]["B"],
                )
                try:
                    if markers.is_deletion(key):
                        marks.append((owner, markers.read_deletion(key, body)))
                    elif markers.is_correction(key):
                        corrected.append((owner, markers.read_correction(key, body)))
                    elif not (markers.is_marker(key) or compacted_chunks.is_compacted(key)):
                        chunks.append(_chunk(owner, key, body))
                except (StoreError, ValueError):
                    unreadable += 1
        return Entries(chunks, marks, corrected, unreadable)

    def mark(self, owner: Owner, deletion: Deletion) -> None:
        """Write `deletion`; readers omit the plays that it covers."""
        with translated("write deletion"):
            markers.deletion_row(owner, deletion).save()

    def unmark(self, owner: Owner, superseded: Iterable[Deletion]) -> None:
        """Forgets deletions that a later one covers."""
        with translated("forget deletions"), PlaysModel.batch_write() as batch:
            for deletion in superseded:
                batch.delete(markers.deletion_row(owner, deletion))

    def correct(self, owner: Owner, one: Corrected, *, replacing: Iterable[Corrected] = ()) -> None:
        """Write a correction or that it was undone, then forget the rows that it replaces."""
        with translated("write correction"):
            markers.correction_row(owner, one).save()
        with translated("forget corrections"), PlaysModel.batch_write() as batch:
            for other in replacing:
                batch.delete(markers.correction_row(owner, other))

    def name_hidden(self, owner: Owner, songs: Iterable[SongMark], *, now: int) -> None:
        """Keep how hidden songs are spelt, so that they stay hidden under a later rule."""
        with translated("name hidden songs"), PlaysModel.batch_write() as batch:
            for song in songs:
                batch.save(markers.hidden_row(owner, song, now=now))

    def forget_hidden(self, owner: Owner, names: Collection[str]) -> None:
        """Forget the songs that have an id in `names`."""
        gone = [
            key
            for key, body in self._hidden(owner)
            if not markers.read_hidden(body).current().isdisjoint(names)
        ]
        with translated("forget hidden songs"), PlaysModel.batch_write() as batch:
            for key in gone:
                batch.delete(PlaysModel(owner.key, key))

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


def _history(told: Iterable[_Told]) -> History:
    chunks: list[Brought] = []
    marks: list[Deletion] = []
    corrected: list[Corrected] = []
    hidden: list[SongMark] = []
    compacted_through = 0
    for key, body in told:
        if key == compacted_chunks.MARKER:
            compacted_through = compacted_chunks.read_marker(body)
        elif not markers.is_marker(key):
            chunks.append(_brought(key, body))
        elif markers.is_deletion(key):
            marks.append(markers.read_deletion(key, body))
        elif markers.is_correction(key):
            corrected.append(markers.read_correction(key, body))
        else:
            hidden.append(markers.read_hidden(body))
    return History(
        _present(chunks, marks),
        standing(corrected),
        hidden,
        compacted_through=compacted_through,
        deletions=marks,
    )


def _present(chunks: Iterable[Brought], marks: Iterable[Deletion]) -> list[Brought]:
    """`chunks` without what is deleted."""
    gone = Deletions(marks)
    return [(at, _kept(plays, gone)) for at, plays in chunks] if gone else list(chunks)


def _name(chunk: Chunk) -> str:
    key = chunk_key(chunk.fetched_at, chunk.provider, chunk.crawl_id)
    return f"{compacted_chunks.FIRST}{key}" if chunk.compacted else key


def chunk_key(moment: int, provider: str, crawl_id: str) -> str:
    """The range key of the chunk that was fetched at `moment` (epoch seconds)."""
    return f"{_sortable(moment)}#{provider}#{crawl_id}"


def _chunk(owner: Owner, key: str, body: bytes) -> Chunk:
    is_compacted = compacted_chunks.is_compacted(key)
    moment, provider, crawl_id = key.removeprefix(compacted_chunks.FIRST).split("#", 2)
    return Chunk(
        owner, provider, int(moment), crawl_id, decode(body, provider), compacted=is_compacted
    )


def fetched_at(range_key: str) -> int:
    """The moment (epoch seconds) in the range key of a chunk or a marker.

    Raises MalformedMessageError.
    """
    try:
        return markers.moment_of(range_key.removeprefix(compacted_chunks.FIRST))
    except ValueError as error:
        raise MalformedMessageError("chunk key without a time") from error


def chunk_id(range_key: str) -> str:
    """The crawl's id in the range key of a chunk."""
    return range_key.rpartition("#")[2]


def _sortable(moment: int) -> str:
    return f"{moment:010}"
