"""What compacted chunks cost a listener of the source: thirty plays a day through two providers."""

from collections.abc import Iterator

from cli.studies.benchmark.listening import chunks
from simulator.aws.dynamodb.capacity import write_units
from simulator.aws.dynamodb.item_size import ITEM_OVERHEAD_BYTES, item_size
from simulator.metering.bill import Compacted
from topk.domain.chunk import compacted
from topk.domain.owner import Owner
from topk.domain.play import Brought
from topk.stores.codecs.chunk_format import encode
from topk.stores.codecs.compacted_chunks import (
    COMPACTED_SECONDS,
    MARKER,
    first_key,
    marker_body,
)
from topk.usecases.lists.compact_plays import EVERY_DAYS

_DAY = 86_400
_THROUGH = 1_800 * 10**6 // _DAY * _DAY
_LISTENERS = 20
_PER_DAY, _PROVIDERS = 30, 2


def compaction() -> Compacted:
    """Average over some listeners, the marker included."""
    sizes = [size for n in range(_LISTENERS) for size in _rows(Owner("harbor", f"listener-{n}"))]
    days = _LISTENERS * EVERY_DAYS
    return Compacted(
        write_units=sum(map(write_units, sizes)) / days,
        row_bytes=sum(size + ITEM_OVERHEAD_BYTES for size in sizes) / days,
        days=COMPACTED_SECONDS // _DAY,
    )


def _rows(owner: Owner) -> Iterator[int]:
    """Bytes of the rows of one compaction."""
    yield _size(owner, MARKER, marker_body(_THROUGH))
    for one in compacted(owner, _brought(owner), through=_THROUGH):
        key = f"{first_key(_THROUGH)}#{one.provider}#{one.crawl_id}"
        yield _size(owner, key, encode(one.plays))


def _size(owner: Owner, key: str, body: bytes) -> int:
    return item_size(
        {
            "owner": {"S": owner.key},
            "chunk": {"S": key},
            "body": {"B": body},
            "expires_at": {"N": str(_THROUGH)},
        }
    )


def _brought(owner: Owner) -> list[Brought]:
    """A crawl a day of each provider."""
    crawls = chunks(
        owner,
        per_day=_PER_DAY,
        crawls_per_day=_PROVIDERS,
        since=_THROUGH - EVERY_DAYS * _DAY,
        until=_THROUGH,
    )
    return [
        (crawl.fetched_at, tuple(one._replace(provider=f"provider-{n % 2}") for one in crawl.plays))
        for n, crawl in enumerate(crawls)
    ]
