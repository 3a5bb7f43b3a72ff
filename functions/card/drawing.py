"""A card as SVG: only shapes and text, without styles, scripts, images or URLs."""

from collections.abc import Iterator
from datetime import date, timedelta

from functions.card.cover import colour, gradient, hue
from functions.card.row import row
from functions.card.sizes import Size
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.window import DAYS
from topk.usecases.lists.read_list import Shown

HEADING = "Top songs of the week"
"""Without the user: the service knows no names of users, only ids."""
_FONTS = "'Noto Sans','Helvetica Neue',Helvetica,Arial,sans-serif"


def drawn(shown: Shown, size: Size) -> str:
    """The card of a public list; the same list gives the same SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}" '
        f'viewBox="0 0 {size.width} {size.height}" role="img" font-family="{_FONTS}" fill="#fff">'
        f"<title>{HEADING}</title>"
        f"{''.join(_parts(shown, size))}</svg>"
    )


def _parts(shown: Shown, size: Size) -> Iterator[str]:
    songs = shown.top_list.songs[: size.songs]
    yield _definitions([song.song_id for song in songs])
    yield f'<rect width="{size.width}" height="{size.height}" fill="url(#ground)"/>'
    yield _heading(shown, size)
    past = shown.top_list.past or Past()
    for number, song in enumerate(songs, start=1):
        yield row(
            song,
            number,
            size,
            movement=past.movement(song, number),
            weeks_at_top=past.weeks_at_top(song, number),
        )
    if not songs:
        yield _nothing(size)


def _definitions(songs: list[str]) -> str:
    ground = hue(songs[0]) if songs else 0.7
    covers = "".join(gradient(f"c{at}", song) for at, song in enumerate(songs, start=1))
    return (
        '<defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1">'
        f'<stop offset="0" stop-color="{colour(ground, 0.2, 0.5)}"/>'
        f'<stop offset="1" stop-color="{colour(ground + 0.1, 0.07, 0.5)}"/></linearGradient>'
        f"{covers}</defs>"
    )


def _heading(shown: Shown, size: Size) -> str:
    line = size.top + size.heading * 0.8
    return (
        f'<text x="{size.margin}" y="{line:g}" font-size="{size.heading}" font-weight="700">'
        f"{HEADING}</text>"
        f'<text x="{size.margin}" y="{line + size.small * 1.6:g}" font-size="{size.small}" '
        f'fill-opacity="0.75">{_days(shown)}</text>'
    )


def _days(shown: Shown) -> str:
    """The window and its completeness in words."""
    last = shown.top_list.as_of - timedelta(days=1)
    first = shown.top_list.as_of - timedelta(days=DAYS)
    known = shown.top_list.completeness.complete_days
    part = "" if known == DAYS else f" · {known} of {DAYS} days known"
    return f"{_day(first, last)} – {last.day} {last:%B} {last.year}{part}"


def _day(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year}"
    return f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"


def _nothing(size: Size) -> str:
    return (
        f'<text x="{size.width / 2:g}" y="{size.height / 2:g}" font-size="{size.title}" '
        'text-anchor="middle" fill-opacity="0.75">No plays in these seven days</text>'
    )
