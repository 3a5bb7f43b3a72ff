"""Apple Music's recently played tracks, as the Apple Music API writes them.

Source: developer.apple.com/documentation/applemusicapi/get-recently-played-tracks.
"""

from msgspec import Raw, Struct
from msgspec.json import Decoder

from topk.domain.play import Track
from topk.providers.http.answer import UNREADABLE
from topk.providers.http.units import Address, Cursor, Key, Milliseconds, Name, Text, link, seconds
from topk.providers.reading.items import read_item

COVER_PIXELS = "300"


class _Artwork(Struct):
    url: Address | None = None

    @property
    def cover(self) -> str:
        template = self.url or ""
        return template.replace("{w}", COVER_PIXELS).replace("{h}", COVER_PIXELS)


class _Attributes(Struct, rename="camel"):
    name: Name
    artist_name: Text | None = None
    """Missing from songs that the user uploaded."""
    album_name: Text | None = None
    duration_in_millis: Milliseconds | None = None
    isrc: Text | None = None
    url: Address | None = None
    artwork: _Artwork | None = None


class Listed(Struct):
    """One entry of the list. Its place is known even where its attributes are missing."""

    id: Key
    attributes: Raw = Raw(b"null")

    @property
    def is_removed(self) -> bool:
        """Whether nothing is known of the song any more."""
        return bytes(self.attributes) in (b"null", b"{}")

    def track(self) -> Track:
        """Raises UnreadableError where the attributes cannot be read."""
        shown = _attributes_of(self.attributes)
        artist = shown.artist_name or ""
        return Track(
            track_id=self.id,
            title=shown.name,
            artists=(artist,) if artist.strip() else (),
            album=shown.album_name or "",
            duration=seconds(shown.duration_in_millis or 0),
            isrc=shown.isrc or "",
            url=link(shown.url),
            image=link((shown.artwork or _Artwork()).cover),
        )


class Page(Struct):
    data: list[Raw]
    next: Cursor | None = None


pages = Decoder(Page)
entries = Decoder(Listed)
_attributes = Decoder(_Attributes)


def _attributes_of(raw: Raw) -> _Attributes:
    try:
        return _attributes.decode(raw)
    except UNREADABLE:
        return read_item(raw, _attributes)
