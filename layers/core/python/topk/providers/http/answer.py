"""A provider's response, and the errors common to all providers.

The body is read before the status is trusted: providers send errors with status 200, plain text
with 429 and HTML with 5xx.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import msgspec

from topk.domain.errors import BadPayloadError, RateLimitedError, TransientError
from topk.providers.reading.lenient import UnreadableError, parse, read_leniently

T = TypeVar("T")
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a body that is not as expected, or nested without end, raises."""

RETRY_DEFAULT_SECONDS = 60
"""The wait where a 429 names none that can be read."""
RETRY_MOST_SECONDS = 86_400

_RETRIABLE = frozenset({408, 425})


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers (read by lower-case name) and a whole body. `repr` shows no content."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def raise_for_fault(answer: Answer, *, now: int) -> None:
    """Raises RateLimitedError or TransientError where the answer is a fault that passes."""
    if answer.status == 429:
        raise RateLimitedError(retry_after(answer.headers, now=now))
    if answer.status >= 500 or answer.status in _RETRIABLE:
        raise TransientError(f"answered {answer.status}")


def retry_after(headers: Mapping[str, str], *, now: int) -> int:
    """Seconds to wait by the Retry-After header (RFC 9110, 10.2.3), seconds or a date, or else by
    X-RateLimit-Reset-In, seconds (listenbrainz.readthedocs.io, "Rate limiting").
    """
    text = (headers.get("retry-after") or headers.get("x-ratelimit-reset-in") or "").strip()
    if text.isascii() and text.isdecimal():
        seconds = int(text[:9])
    else:
        try:
            seconds = int(parsedate_to_datetime(text).replace(tzinfo=UTC).timestamp()) - now
        except (ValueError, OverflowError):
            seconds = RETRY_DEFAULT_SECONDS
    return min(max(seconds, 1), RETRY_MOST_SECONDS)


def read_json(answer: Answer, decoder: msgspec.json.Decoder[T]) -> T:
    """The body of a 200 as `decoder`'s type, read leniently where it is not quite as documented.

    Raises BadPayloadError for anything else.
    """
    if answer.status != 200:
        raise BadPayloadError(f"answered {answer.status}")
    try:
        return decoder.decode(answer.body)
    except UNREADABLE:
        pass
    try:
        return read_leniently(parse(answer.body), decoder.type)
    except UnreadableError:
        raise BadPayloadError("answer is not the JSON that was expected") from None


def query_of(address: str | None) -> dict[str, str]:
    """The query of a page's `next`; empty where there is none.

    Only its parameters are ever used, on our own address: a token must not follow a link.
    """
    try:
        return dict(parse_qsl(urlsplit(address or "").query))
    except ValueError:
        return {}
