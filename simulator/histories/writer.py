"""A format's writer, and what writers share."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.histories.listening import ENOUGH_SECONDS, LEAST_SECONDS, Played

NOW = Played("Some Song", "The Someones", "", 200, 1_790_000_000, 200)
"""What odd records are made from."""


def always(_one: Played) -> bool:
    return True


def by_rule(one: Played) -> bool:
    """Half of it or four minutes, and at least 30 seconds."""
    return one.seconds >= max(min(one.length / 2, ENOUGH_SECONDS), LEAST_SECONDS)


def by_seconds(one: Played) -> bool:
    """Of a format without lengths."""
    return one.seconds >= LEAST_SECONDS


def started(one: Played) -> int:
    return one.started


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes a file of one format: `song` is the record of a play.

    `not_songs` are records of something else, `unreadable` records that cannot be used. `counts`
    says whether a play counts by what the format reports of it, and `stamp` when it was, as far as
    the format says. `beside` makes other files of the same download.
    """

    name: str
    file_name: str
    song: Callable[[Played], str]
    before: str = "["
    between: str = ","
    after: str = "]"
    not_songs: Sequence[str] = ()
    unreadable: Sequence[str] = ()
    counts: Callable[[Played], bool] = always
    stamp: Callable[[Played], int] = started
    newest_first: bool = False
    encoding: str = "utf-8"
    beside: Mapping[str, Callable[[Sequence[Played]], str]] = field(default_factory=dict)


def iso(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def object_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def row(*fields: Any, separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="").writerow(fields)
    return out.getvalue()


def number_of(text: str) -> int:
    """The same number for the same text."""
    numbers = (ord(one) * pow(31, at, 10**22) for at, one in enumerate(text))
    return sum(numbers) % 10**22
