"""Last.fm's scrobbles, sessions and errors, as its JSON writes them.

Source: last.fm/api/show/user.getRecentTracks, /auth.getSession and /errorcodes. It is translated
from XML: numbers are strings, an absent text is an empty one, and a list of one is no list.
"""

import json
from typing import Annotated

from msgspec import DecodeError, Meta, Raw, Struct, ValidationError, field
from msgspec.json import Decoder

from topk.domain.play import Play, Precision, Track
from topk.providers.http.units import Address, Epoch, Key, Name, Text, link
from topk.providers.reading.lenient import parse

COVER_SIZE = "extralarge"


class _Artist(Struct):
    name: Text = field(name="#text", default="")


class _Album(Struct):
    name: Text = field(name="#text", default="")


class _Image(Struct):
    size: str = ""
    url: Address = field(name="#text", default="")


class _Date(Struct):
    uts: Epoch


class _State(Struct):
    nowplaying: str = "false"


class Scrobble(Struct):
    """One item of the list. What is playing at the moment is listed too, without a date."""

    name: Name
    artist: _Artist | None = None
    date: _Date | None = None
    state: _State = field(name="@attr", default_factory=_State)
    album: _Album | None = None
    mbid: Text | None = None
    url: Address | None = None
    image: list[_Image] | None = None

    @property
    def is_playing(self) -> bool:
        return self.state.nowplaying == "true"

    def play(self) -> Play | None:
        """`date` is the start of the play; None where it is missing."""
        if self.date is None:
            return None
        covers = [image.url for image in self.image or () if image.size == COVER_SIZE]
        artist = (self.artist or _Artist()).name
        track = Track(
            track_id=self.mbid or "",
            title=self.name,
            artists=(artist,) if artist.strip() else (),
            album=(self.album or _Album()).name,
            url=link(self.url),
            image=link(covers[0] if covers else None),
        )
        return Play("lastfm", track, self.date.uts, Precision.EXACT)


class _Extent(Struct, rename="camel"):
    total_pages: int | None = None


class _Listed(Struct):
    """`track` is missing, or an empty list, where there is none."""

    track: Raw = Raw(b"[]")
    extent: _Extent = field(name="@attr", default_factory=_Extent)

    @property
    def items(self) -> list[Raw]:
        """The scrobbles; one alone is no list. Raises BadPayloadError where there is no JSON."""
        try:
            return _items.decode(self.track)
        except ValidationError:
            return [self.track]
        except DecodeError:  # text that is not UTF-8, such as half an emoji
            found = parse(bytes(self.track))
            each = found if isinstance(found, list) else [found]
            return [Raw(json.dumps(one).encode()) for one in each]

    def is_last(self, number: int, page_size: int) -> bool:
        """Whether no page follows this one, the `number`-th of `page_size`."""
        if self.extent.total_pages is None:
            return len(self.items) < page_size
        return self.extent.total_pages <= number


class Page(Struct):
    """The answer to `user.getRecentTracks`."""

    recenttracks: _Listed


class _Session(Struct):
    name: Key
    key: Key


class Authorized(Struct):
    """The answer to `auth.getSession`."""

    session: _Session


class Refusal(Struct):
    error: Annotated[int, Meta(ge=1)]
    message: Text = ""


pages = Decoder(Page, strict=False)
scrobbles = Decoder(Scrobble, strict=False)
sessions = Decoder(Authorized)
refusals = Decoder(Refusal, strict=False)
_items = Decoder(list[Raw])
