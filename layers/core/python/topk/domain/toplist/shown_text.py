"""What a list keeps of the text and addresses that providers, and so users, choose freely."""

import re
from collections.abc import Sequence

from topk.domain.limits import (
    LARGEST_ADDRESS,
    LARGEST_NAMES,
    LARGEST_PERSON_NAME,
    LARGEST_TITLE,
    MOST_NAMES,
)

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
"""They show nothing, and each is six characters of JSON."""
_ADDRESS = re.compile(rf"[!#-;=?-\[\]_a-z~]{{0,{LARGEST_ADDRESS}}}")
"""Printable ASCII without the characters that RFC 3986 leaves out, two of which JSON escapes."""
_MOST_BYTES = 4
"""Of a character in UTF-8."""


def title(text: str) -> str:
    """`text` without control characters, cut to the bytes that a title may have."""
    return _cut(text, LARGEST_TITLE)


def names(texts: Sequence[str]) -> tuple[str, ...]:
    """The first of `texts` that fit together; the very first is cut where it alone does not."""
    if len(texts) == 1:
        return (_cut(texts[0], LARGEST_NAMES),)
    kept: list[str] = []
    room = LARGEST_NAMES
    for text in texts:
        name = _cut(text, LARGEST_NAMES)
        room -= len(name.encode())
        if room < 0 or len(kept) == MOST_NAMES:
            break
        kept.append(name)
    return tuple(kept)


def person_name(text: str) -> str:
    """As `title`, without space around it and cut to the bytes that a person's name may have."""
    return _cut(text.strip(), LARGEST_PERSON_NAME).strip()


def address(text: str) -> str:
    """`text`, or nothing where it is too long or no address: a cut one would lead elsewhere."""
    return text if _ADDRESS.fullmatch(text) else ""


def _cut(text: str, most: int) -> str:
    if len(text) * _MOST_BYTES <= most and text.isprintable():
        return text
    shown = text.translate(_CONTROLS)
    return shown.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")
