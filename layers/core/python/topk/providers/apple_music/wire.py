"""Apple Music's recently played tracks, as the Apple Music API writes them.

Source: developer.apple.com/documentation/applemusicapi/get-recently-played-tracks.
"""

from msgspec import Raw, Struct
from msgspec.json import Decoder

from topk.domain.play import Track
from topk.providers.http.units import Address, Milliseconds, Name, Text, link, seconds

COVER_PIXELS = "300"


class _Artwork(Struct):
    url: Address | None = None

    @property
    def cover(self) -> str:
        template = self.url or ""
        return template.replace("{w}", COVER_PIXELS).replace("{h}", COVER_PIXELS)


class _Attributes(Struct, rename="camel"):
    name: Name
    artist_name: Name
    album_name: Text | None = None
    duration_in_millis: Milliseconds | None = None
    isrc: Text | None = None
    url: Address | None = None
    artwork: _Artwork | None = None


class Listed(Struct):
    """One entry of the list. Its place is known even where its attributes are missing."""

    id: Name
    attributes: Raw = Raw(b"null")

    def track(self) -> Track:
        """Raises msgspec.ValidationError where the attributes cannot be read."""
        shown = _attributes.decode(self.attributes)
        return Track(
            track_id=self.id,
            title=shown.name,
            artists=(shown.artist_name,),
            album=shown.album_name or "",
            duration=seconds(shown.duration_in_millis or 0),
            isrc=shown.isrc or "",
            url=link(shown.url),
            image=link((shown.artwork or _Artwork()).cover),
        )


class Page(Struct):
    data: list[Raw]
    next: str | None = None


pages = Decoder(Page)
entries = Decoder(Listed)
_attributes = Decoder(_Attributes)
