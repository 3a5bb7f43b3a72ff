"""Fields of records: text, numbers and times, or why they cannot be used."""

import math
import re
from datetime import UTC, datetime
from typing import Any

from topk.domain.errors import BadPayloadError
from topk.domain.imports.reading import Left
from topk.domain.limits import LONGEST_NAME
from topk.providers.http.units import EARLIEST

_MILLISECONDS_FROM = 10**11
_MICROSECONDS_FROM = 10**14
_NANOSECONDS_FROM = 10**17
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""UTF-8 that was once read as Windows-1252: a lead byte and what follows it."""


class UnusableError(BadPayloadError):
    """A record that cannot be used; `left` says why."""

    def __init__(self, left: Left) -> None:
        super().__init__(left.value)
        self.left = left


def name(value: Any, missing: Left) -> str:
    """A text that has to be there. Raises UnusableError: `missing`, or TEXT where it is damaged."""
    if not isinstance(value, str):
        raise UnusableError(missing)
    text = repaired(value).strip()
    if not text or len(text) > LONGEST_NAME:
        raise UnusableError(missing)
    if not is_text(text):
        raise UnusableError(Left.TEXT)
    return text


def detail(value: Any) -> str:
    """A text that may be missing; empty where it is or cannot be used."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        return ""
    text = repaired(value).strip()
    return text if is_text(text) else ""


def is_text(text: str) -> bool:
    """Whether it has neither half of a character nor a mark of one that could not be decoded."""
    return "\ufffd" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def repaired(text: str) -> str:
    """`text`, decoded again where UTF-8 was taken for Windows-1252."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode()
    except UnicodeError:
        return text


def number(value: Any) -> float | None:
    """A number, or a text that is one; None where there is none."""
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def seconds_of(milliseconds: Any) -> float | None:
    """Seconds of a duration in milliseconds; None where it is missing or negative."""
    found = number(milliseconds)
    return None if found is None or found < 0 else found / 1000


def duration_of(seconds: float | None) -> int:
    """A song's length in whole seconds, 0 if unknown or longer than a day."""
    return round(seconds) if seconds and seconds < 86_400 else 0


def epoch(value: Any) -> int:
    """Epoch seconds of a number in seconds, milliseconds, microseconds or nanoseconds.

    Raises UnusableError for what no play can have been stamped with.
    """
    found = number(value)
    if found is None:
        raise UnusableError(Left.TIME)
    for least, factor in (
        (_NANOSECONDS_FROM, 10**9),
        (_MICROSECONDS_FROM, 10**6),
        (_MILLISECONDS_FROM, 1000),
    ):
        if found >= least:
            found = math.floor(found / factor + 0.5)
            break
    return plausible(int(found))


def instant(value: Any) -> int:
    """Epoch seconds of an ISO 8601 time, in UTC where it names no zone. Raises UnusableError."""
    if not isinstance(value, str):
        raise UnusableError(Left.TIME)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise UnusableError(Left.TIME) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return plausible(math.floor(moment.timestamp() + 0.5))
    except (OverflowError, ValueError):
        raise UnusableError(Left.TIME) from None


def plausible(moment: int) -> int:
    """Raises UnusableError for a time before music was scrobbled; services write zero for none."""
    if moment < EARLIEST:
        raise UnusableError(Left.TIME)
    return moment
