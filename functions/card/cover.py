"""A drawn cover: a disc in the song's colours. Covers are not downloaded, because providers choose
their URLs and our servers would request them.
"""

from colorsys import hls_to_rgb
from hashlib import blake2b

_ROUNDEST = 32
"""Pixels."""


def hue(song_id: str) -> float:
    """A number from 0 to 1, always the same for the same song."""
    return int.from_bytes(blake2b(song_id.encode(), digest_size=2).digest()) / 65_536


def colour(hue: float, lightness: float, saturation: float) -> str:
    """All values from 0 to 1; the hue is cyclic."""
    parts = hls_to_rgb(hue % 1, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def gradient(name: str, song_id: str) -> str:
    first = hue(song_id)
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="1" y2="1">'
        f'<stop offset="0" stop-color="{colour(first, 0.62, 0.72)}"/>'
        f'<stop offset="1" stop-color="{colour(first + 0.14, 0.36, 0.66)}"/></linearGradient>'
    )


def cover(name: str, x: float, y: float, width: float, height: float) -> str:
    """A box at (x, y), filled by the gradient `name`, with a disc in its middle."""
    middle_x, middle_y, side = x + width / 2, y + height / 2, min(width, height)
    rings = "".join(
        f'<circle cx="{middle_x:g}" cy="{middle_y:g}" r="{side * part:g}"/>'
        for part in (0.36, 0.26, 0.07)
    )
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
        f'rx="{min(side * 0.16, _ROUNDEST):g}" fill="url(#{name})"/>'
        f'<g fill="none" stroke="#fff" stroke-opacity="0.32" stroke-width="{side * 0.03:g}">'
        f"{rings}</g>"
    )
