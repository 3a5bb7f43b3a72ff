"""What a list keeps of the text and addresses that providers, and so users, choose freely."""

from collections.abc import Iterable

from topk.domain.limits import LARGEST_ADDRESS, LARGEST_NAMES, LARGEST_TITLE, MOST_NAMES

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
"""They show nothing, and each is six characters of JSON."""
_NOT_IN_ADDRESSES = frozenset(' "<>\\^`{|}')
"""RFC 3986 takes none of them, and JSON escapes two."""


def title(text: str) -> str:
    """`text` without control characters, cut to the bytes that a title may have."""
    return _cut(text, LARGEST_TITLE)


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """The first of `texts` that fit together; the very first is cut where it alone does not."""
    kept: list[str] = []
    room = LARGEST_NAMES
    for text in texts:
        name = _cut(text, LARGEST_NAMES)
        room -= len(name.encode())
        if room < 0 or len(kept) == MOST_NAMES:
            break
        kept.append(name)
    return tuple(kept)


def address(text: str) -> str:
    """`text`, or nothing where it is too long or no address: a cut one would lead elsewhere."""
    fits = len(text) <= LARGEST_ADDRESS and text.isascii() and text.isprintable()
    return text if fits and _NOT_IN_ADDRESSES.isdisjoint(text) else ""


def _cut(text: str, most: int) -> str:
    shown = text.translate(_CONTROLS)
    return shown.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")
