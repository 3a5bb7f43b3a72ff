"""What a format is: how it is recognised, and how its records are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from topk.domain.errors import BadPayloadError
from topk.domain.imports.reading import Left, Record
from topk.providers.histories.fields import UnusableError

Read = Callable[[Any], Record]
"""Reads one record: a JSON value, a row or a piece of HTML. Raises UnusableError."""


@dataclass(slots=True)
class Surroundings:
    """What the records of one upload need to know of the user and of its other files.

    `artists` are those of a title where every file agrees; an empty one is ambiguous.
    `has_every_play` says that the upload has a file that lists each play.
    """

    zone: tzinfo = UTC
    artists: dict[str, str] = field(default_factory=dict)
    has_every_play: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """`fits` a sample of a file's records; `reader` is made from it.

    Of a CSV file, the sample begins with the header.
    """

    name: str
    fits: Callable[[Sequence[Any]], bool]
    reader: Callable[[Sequence[Any], Surroundings], Read]
    expand: Callable[[Any], Sequence[Any]] | None = None
    """The records in one value, where a value is a page of them."""
    has_header: bool = False
    """Of a CSV file: its first row is no record."""


def stateless(read: Read) -> Callable[[Sequence[Any], Surroundings], Read]:
    """The reader of a format whose records need nothing of others."""

    def reader(_sample: Sequence[Any], _around: Surroundings) -> Read:
        return read

    return reader


def having(*members: str) -> Callable[[Sequence[Any]], bool]:
    """Whether a JSON object of the sample has all `members`."""
    wanted = set(members)

    def fits(sample: Sequence[Any]) -> bool:
        return any(isinstance(one, dict) and one.keys() >= wanted for one in sample)

    return fits


def safely(read: Read, value: Any) -> Record:
    """The record of `value`, whatever it is."""
    try:
        return read(value)
    except UnusableError as error:
        return Record(left=error.left, shown=shown(value))
    except (BadPayloadError, AttributeError, KeyError, IndexError, TypeError, ValueError):
        return Record(left=Left.MALFORMED, shown=shown(value))


def shown(value: Any) -> str:
    """A record as its owner recognises it: its texts and numbers, in short."""
    if isinstance(value, Mapping):
        value = [part for part in value.values() if isinstance(part, str | int | float)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = " · ".join(str(part) for part in value[:12] if part not in ("", None))
    text = str(value).encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())[:200]
