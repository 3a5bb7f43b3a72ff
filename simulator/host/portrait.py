"""Portraits of a host app's people: their initials on a personal colour."""

from html import escape
from zlib import crc32

from simulator.listeners.population import Listener

HUES = 8
"""The number of hue classes in host.css."""


def hue(user: str) -> int:
    """The index of a user's colour."""
    return crc32(user.encode()) % HUES


def portrait(person: Listener) -> str:
    """An SVG that scales to any size."""
    turn = crc32(person.name.encode()) % 360
    tone = hue(person.user) * 360 // HUES
    initials = "".join(word[0] for word in person.name.split()[:2])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<defs><linearGradient id="g" gradientTransform="rotate({turn} .5 .5)">'
        f'<stop stop-color="hsl({tone} 62% 46%)"/>'
        f'<stop offset="1" stop-color="hsl({(tone + 45) % 360} 58% 30%)"/></linearGradient></defs>'
        '<rect width="100" height="100" fill="url(#g)"/>'
        '<text x="50" y="53" fill="#fff" font-family="system-ui, sans-serif" font-size="38" '
        'font-weight="650" text-anchor="middle" dominant-baseline="middle">'
        f"{escape(initials)}</text></svg>"
    )
