"""SVG to PNG with resvg and the fonts in this folder. It makes no requests."""

from functools import lru_cache
from pathlib import Path

import resvg_py

from functions.card.scripts import LATIN

RASTERISER = f"resvg {resvg_py.__resvg_version__}"


@lru_cache(maxsize=16)
def rasterised(svg: str) -> bytes:
    """The PNG of `svg`; one that was asked for a moment ago is not drawn again."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=_fonts(),
        font_family=LATIN,
        sans_serif_family=LATIN,
    )


@lru_cache(maxsize=1)
def _fonts() -> list[str]:
    folder = Path(__file__).with_name("fonts")
    return sorted(str(path) for path in folder.iterdir() if path.suffix in {".ttf", ".otf"})
