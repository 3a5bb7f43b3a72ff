"""Plays: an append-only log of what each crawl brought."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pynamodb.expressions.condition import Condition

from topk.domain.chunk import Chunk
from topk.domain.errors import MalformedMessageError
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.stores.chunk_format import decode, encode
from topk.stores.failures import translated
from topk.stores.models import PlaysModel

LARGEST_ROW_BYTES = 350_000
"""Of a chunk's plays. An item of DynamoDB holds 400 KB with its keys."""


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
                f"{_sortable(chunk.fetched_at)}#{chunk.provider}#{chunk.crawl_id}",
                body=body,
                expires_at=chunk.fetched_at + self._retention,
            )

    def since(self, owner: Owner, moment: int, *, until: int | None = None) -> list[Play]:
        """All that was fetched at or after `moment`: every play that began since is among it.

        Where `until` is given, only what was fetched before it.
        """
        fetched: Condition = PlaysModel.chunk >= _sortable(moment)
        if until is not None:
            # A key goes on after its time, so that none fetched at `until` is before the bare time.
            fetched = PlaysModel.chunk.between(_sortable(moment), _sortable(until))
        with translated("read plays"):
            rows = PlaysModel.query(owner.key, fetched, consistent_read=True)
            return [play for row in rows for play in decode(row.body, row.chunk.split("#")[1])]

    def chunks(self, owner: Owner) -> list[Chunk]:
        """All that is kept of the owner, as it was written, by when it was fetched."""
        with translated("read plays"):
            return [_chunk(row) for row in PlaysModel.query(owner.key, consistent_read=True)]

    def get_many(self, keys: Iterable[tuple[Owner, str]]) -> list[Chunk]:
        """Those of `keys` (owner, range key of a chunk) that are still there, in no order."""
        with translated("read plays"):
            wanted = [(owner.key, key) for owner, key in keys]
            return [_chunk(row) for row in PlaysModel.batch_get(wanted, consistent_read=True)]


def _chunk(row: PlaysModel) -> Chunk:
    moment, provider, crawl_id = row.chunk.split("#", 2)
    plays = decode(row.body, provider)
    return Chunk(Owner.parse(row.owner), provider, int(moment), crawl_id, plays)


def fetched_at(chunk_key: str) -> int:
    """The moment (epoch seconds) in the range key of a chunk. Raises MalformedMessageError."""
    try:
        return int(chunk_key.partition("#")[0])
    except ValueError as error:
        raise MalformedMessageError("chunk key without a time") from error


def chunk_id(chunk_key: str) -> str:
    """The crawl's id in the range key of a chunk."""
    return chunk_key.rpartition("#")[2]


def _sortable(moment: int) -> str:
    return f"{moment:010}"
