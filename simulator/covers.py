"""Album covers, drawn from the song's place in the catalogue."""

from html import escape

from simulator.catalogue import Song


def cover_path(song: Song, name: str = "640.svg") -> str:
    """Path of a square cover. Any `name` will do, such as a provider's "{w}x{h}bb.jpg"."""
    return f"/covers/{song.index}/{name}"


def cover(song: Song) -> str:
    """An SVG that scales to any size."""
    hue, turn = song.index * 47 % 360, song.index * 29 % 180
    initials = "".join(word[0] for word in song.album.split()[:2])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<defs><linearGradient id="sky" gradientTransform="rotate({turn} .5 .5)">'
        f'<stop stop-color="hsl({hue} 70% 45%)"/>'
        f'<stop offset="1" stop-color="hsl({(hue + 60) % 360} 75% 25%)"/></linearGradient></defs>'
        '<rect width="100" height="100" fill="url(#sky)"/>'
        f'<circle cx="{20 + song.index * 7 % 60}" cy="{25 + song.index * 13 % 50}" r="22" '
        f'fill="hsl({(hue + 180) % 360} 80% 70% / .5)"/>'
        '<text x="8" y="91" font-family="system-ui" font-size="18" font-weight="700" '
        f'fill="#fff">{escape(initials)}</text></svg>'
    )
