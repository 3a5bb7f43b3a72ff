"""Whose list a card shows, and of which days."""

from datetime import date, timedelta

from functions.card.cover import colour, hue
from functions.card.lettering import cleaned, line, written
from functions.card.sizes import Size
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import DAYS
from topk.usecases.lists.read_list import Shown

HEADING = "Top songs of the week"


def heading(shown: Shown, size: Size) -> str:
    """The name of the list's owner if the host app says it, never an id; and the host app's."""
    name = cleaned(shown.person.name)
    days = _days(shown.top_list)
    brand = cleaned(shown.owner.tenant.replace("_", " ").title())
    height = size.heading * 1.7
    left = size.margin + (height + size.small if name else 0)
    upper, lower = size.top + size.heading * 0.8, size.top + size.heading * 0.8 + size.small * 1.7
    room = size.width - size.margin - left - size.small * (len(brand) * 0.7 + 2)
    return (
        (_initials(name, size.margin, size.top, height) if name else "")
        + line(name or HEADING, left, upper, size.heading, room, bold=True)
        + line(f"{HEADING} · {days}" if name else days, left, lower, size.small, size.room)
        + f'<text x="{size.width - size.margin}" y="{upper:g}" text-anchor="end" '
        f'font-size="{size.small}" font-weight="700" fill-opacity="0.6">{written(brand)}</text>'
    )


def height(size: Size) -> float:
    """With the space below."""
    return size.heading * 1.7 + size.title * 1.1


def _initials(name: str, x: float, y: float, side: float) -> str:
    """Portraits are not downloaded: hosts choose their addresses, which our servers would call."""
    letters = "".join(word[0] for word in name.split()[:2]).upper()
    middle = x + side / 2
    return (
        f'<circle cx="{middle:g}" cy="{y + side / 2:g}" r="{side / 2:g}" '
        f'fill="{colour(hue(name), 0.34, 0.5)}"/>'
        f'<text x="{middle:g}" y="{y + side * 0.64:g}" text-anchor="middle" fill="#fff" '
        f'font-size="{side * 0.4:g}" font-weight="700">{written(letters)}</text>'
    )


def _days(found: TopList) -> str:
    """The window in words. How far it is known is for its owner alone."""
    last = found.as_of - timedelta(days=1)
    first = found.as_of - timedelta(days=DAYS)
    return f"{_day(first, last)} – {last.day} {last:%B} {last.year}"


def _day(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year}"
    return f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
