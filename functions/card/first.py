"""The first song of a card, larger than the others."""

from functions.card.cover import cover
from functions.card.lettering import cleaned, line
from functions.card.row import plays
from functions.card.sizes import Size
from topk.domain.toplist.ranking import RankedSong

_LARGER = 1.35
"""Its title, against those of the others, where there is room."""
_NARROW = 400
"""Pixels."""
TEXT = 4.3
"""The height of its text, in font sizes of a title."""


def beside(song: RankedSong, place: tuple[float, float], side: float, size: Size, note: str) -> str:
    """The text is to the right of the cover, up to the margin."""
    left, top = place
    words = left + side + size.title
    middle = top + side / 2 - size.title * TEXT / 2
    text = _text(song, words, middle, size.width - size.margin - words, size, note)
    return cover("c1", left, top, side, side) + text


def above(
    song: RankedSong,
    place: tuple[float, float],
    box: tuple[float, float],
    size: Size,
    note: str,
) -> str:
    """The text is below the cover, which is a `box` of (width, height), and not wider."""
    left, top = place
    width, height = box
    text = _text(song, left, top + height + size.title * 0.4, width, size, note)
    return cover("c1", left, top, width, height) + text


def _text(song: RankedSong, x: float, top: float, room: float, size: Size, note: str) -> str:
    large = size.title * (1 if room < _NARROW else _LARGER)
    title = cleaned(song.title) or "Untitled"
    count = plays(song.listen_count)
    return (
        line(title, x, top + size.title * 1.2, large, room, bold=True)
        + line(", ".join(song.singers), x, top + size.title * 2.4, size.small * 1.1, room)
        + line(f"{count} · {note}" if note else count, x, top + size.title * 3.5, size.small, room)
    )
