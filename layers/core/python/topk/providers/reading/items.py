"""The items of a page, each read by itself: one that cannot be read costs no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from msgspec import Raw
from msgspec.json import Decoder

from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.providers.http.answer import UNREADABLE
from topk.providers.reading.lenient import UnreadableError, parse, read_leniently
from topk.providers.reading.shape import shape_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The `items` that can be read, in order, and the others."""

    items: list[T]
    skipped: Skipped


def read_items(raws: Iterable[Raw], decoder: Decoder[T]) -> Read[T]:
    """Each as `decoder`'s type; what it refuses is read leniently."""
    items: list[T] = []
    skipped = NOTHING_SKIPPED
    for raw in raws:
        try:
            items.append(decoder.decode(raw))
        except UNREADABLE:
            try:
                items.append(read_item(raw, decoder))
            except UnreadableError as error:
                skipped += skipped_as(error.reason, raw)
    return Read(items, skipped)


def read_item(raw: Raw | bytes, decoder: Decoder[T]) -> T:
    """Leniently, as `decoder`'s type. Raises UnreadableError."""
    return read_leniently(parse(bytes(raw)), decoder.type)


def skipped_as(reason: Skip, raw: Raw) -> Skipped:
    """One item, with its shape."""
    return Skipped.of(reason, shape=shape_of(_value_of(raw)))


def _value_of(raw: Raw) -> Any:
    try:
        return parse(bytes(raw))
    except UnreadableError:
        return None
