"""Reading JSON that is not quite as documented: lenient where a field is decoration, strict where
it counts.

Providers have sent floats for integers, objects for numbers, nulls for names and half of an emoji.
None of that may cost a play. The typed decoders of the wire modules read what is as documented;
this module reads, by the same types, what they refuse.
"""

import json
import math
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from msgspec import Raw, Struct, ValidationError, convert
from msgspec.structs import fields

from topk.domain.crawl.skipped import Skip
from topk.domain.errors import BadPayloadError
from topk.providers.http.units import Cursor, Epoch, Moment, Name

T = TypeVar("T")

_REASONS = {Name: Skip.TITLE, Epoch: Skip.TIME, Moment: Skip.TIME}
_STRICT = Cursor | None
"""Optional, but not decoration: misread, it would end a list too early."""


class UnreadableError(BadPayloadError):
    """A value that no leniency can read; `reason` says why, by the type of the field."""

    def __init__(self, reason: Skip) -> None:
        super().__init__(f"unreadable: {reason}")
        self.reason = reason


def parse(body: bytes) -> Any:
    """The JSON value of `body`, with lone surrogates and bytes that are not UTF-8 kept in place.

    Raises UnreadableError where it is no JSON.
    """
    try:
        return json.loads(body.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        raise UnreadableError(Skip.MALFORMED) from None


def read_leniently(value: Any, kind: type[T]) -> T:
    """`value`, as JSON gives it, as `kind`: a Struct of a wire module.

    An optional field that cannot be read keeps its default, and a list loses the elements that
    cannot be read. Raises UnreadableError where a required field is missing or unreadable.
    """
    try:
        read: T = _read(value, kind)
    except RecursionError:
        raise UnreadableError(Skip.MALFORMED) from None
    return read


def _read(value: Any, kind: Any) -> Any:
    origin = get_origin(kind)
    if kind is Raw:
        return Raw(json.dumps(value).encode())
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _struct(value, kind)
    if origin is list:
        return _list(value, get_args(kind)[0])
    if origin in (Union, UnionType):
        return _union(value, get_args(kind))
    if origin is Annotated and get_origin(get_args(kind)[0]) is list:
        return _checked(_read(value, get_args(kind)[0]), kind)
    return _scalar(value, kind)


def _struct(value: Any, kind: Any) -> Any:
    if not isinstance(value, dict):
        raise UnreadableError(Skip.MALFORMED)
    found = {}
    for field in fields(kind):
        if field.encode_name not in value:
            if field.required:
                raise UnreadableError(_reason(field.type))
            continue
        try:
            found[field.name] = _read(value[field.encode_name], field.type)
        except UnreadableError:
            if field.required or field.type == _STRICT:
                raise
    return kind(**found)


def _list(value: Any, kind: Any) -> list[Any]:
    if not isinstance(value, list):
        raise UnreadableError(Skip.MALFORMED)
    read = []
    for element in value:
        try:
            read.append(_read(element, kind))
        except UnreadableError:
            continue
    return read


def _checked(read: list[Any], kind: Any) -> list[Any]:
    limits = get_args(kind)[1]
    if not (limits.min_length or 0) <= len(read) <= (limits.max_length or math.inf):
        raise UnreadableError(Skip.MALFORMED)
    return read


def _union(value: Any, kinds: tuple[Any, ...]) -> Any:
    """As the first of `kinds` that can read it; the refusal of the first is the one that counts."""
    if value is None and NoneType in kinds:
        return None
    refusal: UnreadableError | None = None
    for kind in kinds:
        try:
            return _read(value, kind)
        except UnreadableError as error:
            refusal = refusal or error
    raise refusal or UnreadableError(Skip.MALFORMED)


def _scalar(value: Any, kind: Any) -> Any:
    if isinstance(value, str) and not _is_text(value):
        raise UnreadableError(Skip.TEXT)
    if isinstance(value, float) and math.isfinite(value):
        value = round(value)
    try:
        return convert(value, kind, strict=False)
    except ValidationError:
        raise UnreadableError(_reason(kind)) from None


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _reason(kind: Any) -> Skip:
    return next((reason for named, reason in _REASONS.items() if kind == named), Skip.MALFORMED)
