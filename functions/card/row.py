"""A song's row on a card: rank, cover, title, singers, plays and movement."""

from functions.card.cover import cover
from functions.card.lettering import cleaned, cut, written
from functions.card.sizes import Size
from topk.domain.toplist.previous_weeks import Direction, Movement
from topk.domain.toplist.ranking import RankedSong

_RISEN, _FALLEN = "#6ee7a8", "#ff9d9d"


def row(song: RankedSong, rank: int, size: Size, *, movement: Movement, weeks_at_top: int) -> str:
    """`rank` counts from 1 and names the cover's gradient, `c<rank>`."""
    top = size.first_row + (rank - 1) * size.row
    upper, lower = top + size.row * 0.44, top + size.row * 0.79
    left, right = size.margin + size.title * 1.9, size.width - size.margin
    side = size.row * 0.76
    words = left + side + size.title * 0.8
    room = right - size.title * 4.6 - words
    return (
        f'<text x="{size.margin + size.title * 1.3:g}" y="{top + size.row * 0.63:g}" '
        f'text-anchor="end" font-size="{size.title}" fill-opacity="0.6">{rank}</text>'
        f"{cover(f'c{rank}', left, top + size.row * 0.12, side)}"
        f"{_text(cleaned(song.title) or 'Untitled', words, upper, size.title, room, bold=True)}"
        f"{_text(', '.join(song.singers), words, lower, size.small, room, bold=False)}"
        f'<text x="{right}" y="{upper:g}" text-anchor="end" font-size="{size.small}">'
        f"{_plays(song.listen_count)}</text>"
        f"{_moved(movement, weeks_at_top, right, lower, size.small)}"
    )


def _text(text: str, x: float, y: float, letters: int, room: float, *, bold: bool) -> str:
    look = 'font-weight="700"' if bold else 'fill-opacity="0.75"'
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{letters}" {look}>'
        f"{written(cut(text, room / letters))}</text>"
    )


def _plays(count: int) -> str:
    return "1 play" if count == 1 else f"{count:,} plays"


def _moved(movement: Movement, weeks: int, x: float, y: float, letters: int) -> str:
    if weeks > 1:
        return _note(f"{weeks} weeks on top", x, y, letters)
    match movement.direction:
        case Direction.NEW:
            return _note("new", x, y, letters)
        case Direction.SAME:
            return ""
    risen = movement.direction is Direction.UP
    turn = -1 if risen else 1
    tip, half = x - letters * 0.35, letters * 0.3
    middle = y - letters * 0.36
    return (
        f'<path d="M{tip - half:g} {middle - turn * half:g}h{2 * half:g}'
        f'l{-half:g} {turn * 2 * half:g}z" fill="{_RISEN if risen else _FALLEN}"/>'
        f"{_note(str(movement.places), x - letters * 0.9, y, letters)}"
    )


def _note(text: str, x: float, y: float, letters: int) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="end" font-size="{letters * 0.85:g}" '
        f'fill-opacity="0.6">{text}</text>'
    )
