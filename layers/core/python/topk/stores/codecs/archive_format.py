"""The archive's file format: Parquet with a row for each play; docs/archive.md lists the columns.

The metadata contains `topk.version`. Rows are sorted by tenant and user, so that row group bounds
show which users are not in a file.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from topk.domain.chunk import Chunk
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision, Track
from topk.domain.privacy.deletion import Deletion, Deletions

VERSION = b"2"
SCHEMA = pa.schema(
    [
        ("tenant", pa.string()),
        ("user", pa.string()),
        ("provider", pa.string()),
        ("fetched_at", pa.int64()),
        ("crawl_id", pa.string()),
        ("listened_at", pa.int64()),
        ("precision", pa.int8()),
        ("track_id", pa.string()),
        ("title", pa.string()),
        ("artists", pa.list_(pa.string())),
        ("album", pa.string()),
        ("duration", pa.int32()),
        ("isrc", pa.string()),
        ("url", pa.string()),
        ("image", pa.string()),
    ],
    metadata={"topk.version": VERSION},
)
_CHUNK = ("tenant", "user", "provider", "fetched_at", "crawl_id")
_OF_CHUNK = itemgetter(*_CHUNK)


def encode(chunks: Iterable[Chunk]) -> bytes:
    """The file of `chunks`. The same chunks in any order give the same bytes."""
    rows = sorted((row for chunk in chunks for row in _rows(chunk)), key=_order)
    return _written(pa.Table.from_pylist(rows, SCHEMA))


def decode(body: bytes) -> list[Chunk]:
    """The chunks in a file. Raises StoreError if it cannot be read, as all functions here do."""
    table = _read(body)
    return [
        Chunk(Owner(tenant, user), provider, moment, crawl_id, tuple(map(_play, of_chunk)))
        for (tenant, user, provider, moment, crawl_id), of_chunk in groupby(
            table.to_pylist(), _OF_CHUNK
        )
    ]


def owners(body: bytes) -> set[Owner]:
    """The owners in a file, without decoding the plays."""
    return set(map(Owner.parse, _keys(_read(body, ["tenant", "user"])).unique().to_pylist()))


def chunks_in(body: bytes) -> set[tuple[Owner, str, int, str]]:
    """(owner, provider, fetched_at, crawl_id) of each chunk in a file."""
    found = _read(body, [*_CHUNK]).group_by([*_CHUNK]).aggregate([])
    columns = (found[name].to_pylist() for name in _CHUNK)
    return {(Owner(tenant, user), *rest) for tenant, user, *rest in zip(*columns, strict=True)}


def without(
    body: bytes, gone: Collection[Owner], deleted: Mapping[Owner, Sequence[Deletion]]
) -> bytes | None:
    """The file without plays of the owners in `gone` and without `deleted` plays.

    Empty if nothing is left, None if nothing changes.
    """
    table = _read(body)
    leaving = _mask(table, gone)
    if deleted:
        leaving = pc.or_(leaving, _deleted(table, deleted))
    leave = pc.sum(leaving).as_py() or 0
    if leave == table.num_rows:
        return b""
    return _written(table.filter(pc.invert(leaving))) if leave else None


def _keys(table: pa.Table) -> Any:
    """The key of each row's owner."""
    return pc.binary_join_element_wise(table["tenant"], table["user"], "#")


def _mask(table: pa.Table, owners: Collection[Owner]) -> Any:
    keys = sorted(owner.key for owner in owners)
    return pc.is_in(_keys(table), value_set=pa.array(keys, pa.string()))


def _deleted(table: pa.Table, deleted: Mapping[Owner, Sequence[Deletion]]) -> Any:
    """Which rows are deleted. Only rows of owners in `deleted` are decoded."""
    theirs = pc.indices_nonzero(_mask(table, deleted))
    rows = table.take(theirs).to_pylist()
    gone = {owner: Deletions(of_owner) for owner, of_owner in deleted.items()}
    found = [
        at
        for at, row in zip(theirs.to_pylist(), rows, strict=True)
        if gone[Owner(row["tenant"], row["user"])].cover(_play(row))
    ]
    return pc.is_in(pa.array(range(table.num_rows)), value_set=pa.array(found, pa.int64()))


def _read(body: bytes, columns: list[str] | None = None) -> pa.Table:
    try:
        file = pq.ParquetFile(BytesIO(body))
        table = file.read(columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise StoreError("archived plays cannot be read") from error
    if (file.schema_arrow.metadata or {}).get(b"topk.version") != VERSION:
        raise StoreError("archived plays of an unknown version")
    return table


def _written(table: pa.Table) -> bytes:
    file = BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    return (*_OF_CHUNK(row), row["listened_at"], row["track_id"], row["title"])


def _rows(chunk: Chunk) -> Iterable[dict[str, Any]]:
    for play in chunk.plays:
        track = play.track
        yield {
            "tenant": chunk.owner.tenant,
            "user": chunk.owner.user,
            "provider": chunk.provider,
            "fetched_at": chunk.fetched_at,
            "crawl_id": chunk.crawl_id,
            "listened_at": play.listened_at,
            "precision": int(play.precision),
            "track_id": track.track_id,
            "title": track.title,
            "artists": list(track.artists),
            "album": track.album,
            "duration": track.duration,
            "isrc": track.isrc,
            "url": track.url,
            "image": track.image,
        }


def _play(row: dict[str, Any]) -> Play:
    track = Track(
        row["track_id"],
        row["title"],
        tuple(row["artists"]),
        row["album"],
        row["duration"],
        row["isrc"],
        row["url"],
        row["image"],
    )
    return Play(row["provider"], track, row["listened_at"], Precision(row["precision"]))
