"""A card as SVG: only shapes and text, without styles, scripts, images or URLs."""

from collections.abc import Iterator, Sequence

from functions.card import first
from functions.card.cover import colour, gradient, hue
from functions.card.heading import HEADING, heading, height
from functions.card.looks import NIGHT, Look
from functions.card.row import row
from functions.card.sizes import Size
from topk.domain.toplist.previous_weeks import Direction, Movement, Past
from topk.domain.toplist.ranking import RankedSong
from topk.usecases.lists.read_list import Shown

_FONTS = "'Noto Sans','Helvetica Neue',Helvetica,Arial,sans-serif"
_UNMOVED = Movement(Direction.SAME)


def drawn(shown: Shown, size: Size, look: Look = NIGHT) -> str:
    """The card of a public list; the same list gives the same SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}" '
        f'viewBox="0 0 {size.width} {size.height}" role="img" font-family="{_FONTS}" '
        f'fill="{look.ink}"><title>{HEADING}</title>'
        f"{''.join(_parts(shown, size, look))}</svg>"
    )


def _parts(shown: Shown, size: Size, look: Look) -> Iterator[str]:
    songs = shown.top_list.songs[: size.songs]
    past = shown.top_list.past or Past()
    yield _definitions([song.song_id for song in songs], look)
    yield f'<rect width="{size.width}" height="{size.height}" fill="url(#ground)"/>'
    yield heading(shown, size)
    if songs:
        yield from _songs(songs, past, size, look)
    else:
        yield _nothing(size)


def _definitions(songs: list[str], look: Look) -> str:
    ground = hue(songs[0]) if songs else 0.7
    covers = "".join(gradient(f"c{at}", song) for at, song in enumerate(songs, start=1))
    begin, end = look.ground
    return (
        '<defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1">'
        f'<stop offset="0" stop-color="{colour(ground, begin, look.saturation)}"/>'
        f'<stop offset="1" stop-color="{colour(ground + 0.1, end, look.saturation)}"/>'
        f"</linearGradient>{covers}</defs>"
    )


def _songs(songs: Sequence[RankedSong], past: Past, size: Size, look: Look) -> Iterator[str]:
    """The first song as large as the others leave room for, and all in the middle of the height."""
    top = size.top + height(size)
    others = songs[1:]
    rows, text = len(others) * size.row, size.title * first.TEXT
    weeks = past.weeks_at_top(songs[0], 1)
    note = f"{weeks} weeks on top" if weeks > 1 else ""
    left: float = size.margin
    tall = size.bottom - top - rows - text - size.row * 0.3
    if size.columns and others:
        yield first.above(songs[0], (left, top), (size.cover, size.cover), size, note)
        left += size.cover + size.title * 1.6
        top += (size.cover + text - rows) / 2
    elif tall > size.cover:
        high = min(tall, size.room)
        top += (tall - high) / 2
        yield first.above(songs[0], (left, top), (size.room, high), size, note)
        top += high + text + size.row * 0.3
    else:
        side = size.cover if others else size.bottom - top
        yield first.beside(songs[0], (left, top), side, size, note)
        top += side + (size.bottom - top - side - rows) / 2
    for at, song in enumerate(others, start=2):
        place = (left, top + (at - 2) * size.row)
        # Where every song is new, saying so says nothing.
        by = past.movement(song, at) if past.places else _UNMOVED
        yield row(song, at, place, size, look, by)


def _nothing(size: Size) -> str:
    return (
        f'<text x="{size.width / 2:g}" y="{size.height / 2:g}" font-size="{size.title}" '
        'text-anchor="middle" fill-opacity="0.75">No plays in these seven days</text>'
    )
