"""Album covers, generated from the song's place in the catalogue."""

from html import escape

from simulator.listeners.catalogue import Song


def cover_path(song: Song, name: str = "640.svg") -> str:
    """Path of a square cover. Any `name` works, such as a provider's "{w}x{h}bb.jpg"."""
    return f"/covers/{song.index}/{name}"


def cover(song: Song) -> str:
    """An SVG that scales to any size: two colours, a motif, and initials."""
    hue, turn = song.index * 47 % 360, song.index * 29 % 180
    initials = "".join(word[0] for word in song.album.split()[:2]).upper()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<defs><linearGradient id="sky" gradientTransform="rotate({turn} .5 .5)">'
        f'<stop stop-color="hsl({hue} 72% 52%)"/>'
        f'<stop offset="1" stop-color="hsl({(hue + 50) % 360} 70% 30%)"/></linearGradient></defs>'
        '<rect width="100" height="100" fill="url(#sky)"/>'
        f"{_MOTIFS[song.index % len(_MOTIFS)]}"
        '<text x="9" y="90" font-family="system-ui, sans-serif" font-size="17" font-weight="700" '
        f'fill="#fff">{escape(initials)}</text></svg>'
    )


_MOTIFS = (
    '<g fill="#fff"><circle cx="64" cy="36" r="30" opacity=".16"/>'
    '<circle cx="64" cy="36" r="17" opacity=".3"/></g>',
    '<g fill="none" stroke="#fff" stroke-width="5" opacity=".35">'
    '<circle cx="100" cy="0" r="28"/><circle cx="100" cy="0" r="46"/>'
    '<circle cx="100" cy="0" r="64"/></g>',
    '<g fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".35">'
    '<path d="M-5 26q18-16 36 0t36 0 36 0"/><path d="M-5 42q18-16 36 0t36 0 36 0"/>'
    '<path d="M-5 58q18-16 36 0t36 0 36 0"/></g>',
    '<g fill="#fff"><path d="M0 66 38 22 62 50 78 34l22 24v10z" opacity=".22"/>'
    '<circle cx="80" cy="18" r="8" opacity=".55"/></g>',
    '<g fill="#fff" opacity=".28"><rect x="14" y="40" width="9" height="26" rx="4"/>'
    '<rect x="30" y="22" width="9" height="44" rx="4"/><rect x="46" y="32" width="9" '
    'height="34" rx="4"/><rect x="62" y="14" width="9" height="52" rx="4"/>'
    '<rect x="78" y="30" width="9" height="36" rx="4"/></g>',
)
