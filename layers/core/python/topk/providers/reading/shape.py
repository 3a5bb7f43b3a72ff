"""The shape of a JSON value: keys and types, never values, so that it can be logged."""

import re
from typing import Any

MOST_KEYS = 30
MOST_DEPTH = 5
LONGEST = 1000

_KEY = re.compile(r"[@#A-Za-z_][A-Za-z0-9_.#-]{0,39}")


def shape_of(value: Any) -> str:
    """Such as `{name: str, artists: [{name: null}]}`; at most LONGEST characters.

    A key that does not look like the name of a field is shown as `?`: some objects have what a user
    wrote as keys.
    """
    return _shape(value, MOST_DEPTH)[:LONGEST]


def _shape(value: Any, depth: int) -> str:
    match value:
        case None:
            return "null"
        case dict() if depth:
            return _object(value, depth)
        case list() if depth:
            return f"[{_shape(value[0], depth - 1)}]" if value else "[]"
        case _:
            return type(value).__name__


def _object(value: dict[str, Any], depth: int) -> str:
    shown = [
        f"{key if _KEY.fullmatch(key) else '?'}: {_shape(one, depth - 1)}"
        for key, one in list(value.items())[:MOST_KEYS]
    ]
    more = ["..."] if len(value) > MOST_KEYS else []
    return f"{{{', '.join(shown + more)}}}"
