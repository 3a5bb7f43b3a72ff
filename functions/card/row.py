"""A song's row on a card: rank, cover, title, singers, plays and movement."""

from functions.card.cover import cover
from functions.card.lettering import cleaned, line
from functions.card.looks import Look
from functions.card.sizes import Size
from topk.domain.toplist.previous_weeks import Direction, Movement
from topk.domain.toplist.ranking import RankedSong


def row(
    song: RankedSong, rank: int, place: tuple[float, float], size: Size, look: Look, by: Movement
) -> str:
    """From `place` (left, top) to the right margin; `rank` names the gradient of its cover."""
    left, top = place
    upper, lower = top + size.row * 0.44, top + size.row * 0.79
    right, side = size.width - size.margin, size.row * 0.76
    at = left + size.title * 1.1
    words = at + side + size.title * 0.7
    room = right - size.title * 4 - words
    title = cleaned(song.title) or "Untitled"
    return (
        line(str(rank), left, top + size.row * 0.63, size.title, size.room, opacity=0.6)
        + cover(f"c{rank}", at, top + size.row * 0.12, side, side)
        + line(title, words, upper, size.title, room, bold=True)
        + line(", ".join(song.singers), words, lower, size.small, room)
        + _end(plays(song.listen_count), right, upper, size.small, 1)
        + _moved(by, right, lower, size.small, look)
    )


def plays(count: int) -> str:
    return "1 play" if count == 1 else f"{count:,} plays"


def _moved(movement: Movement, x: float, y: float, letters: int, look: Look) -> str:
    match movement.direction:
        case Direction.NEW:
            return _end("new", x, y, letters * 0.85, 0.6)
        case Direction.SAME:
            return ""
    risen = movement.direction is Direction.UP
    turn = -1 if risen else 1
    tip, half = x - letters * 0.35, letters * 0.3
    middle = y - letters * 0.36
    return (
        f'<path d="M{tip - half:g} {middle - turn * half:g}h{2 * half:g}'
        f'l{-half:g} {turn * 2 * half:g}z" fill="{look.risen if risen else look.fallen}"/>'
        + _end(str(movement.places), x - letters * 0.9, y, letters * 0.85, 0.6)
    )


def _end(text: str, x: float, y: float, letters: float, opacity: float) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="end" font-size="{letters:g}" '
        f'fill-opacity="{opacity:g}">{text}</text>'
    )
