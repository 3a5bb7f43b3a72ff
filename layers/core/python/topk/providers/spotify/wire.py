"""Spotify's recently played tracks, as the Web API writes them.

Source: developer.spotify.com/documentation/web-api/reference/get-recently-played.
"""

from typing import Annotated

from msgspec import Meta, Raw, Struct, field
from msgspec.json import Decoder

from topk.domain.limits import MOST_ARTISTS
from topk.domain.play import Play, Precision, Track
from topk.providers.checkpoints.checkpoint_hashes import mark
from topk.providers.http.units import (
    Address,
    Cursor,
    Milliseconds,
    Moment,
    Name,
    Text,
    link,
    milliseconds,
    seconds,
)

COVER_PIXELS = 300
EPISODE = "episode"


class _Artist(Struct):
    """Artists of a user's own files may have blank names, or none."""

    name: Text | None = None


class _Duration(Struct, rename="camel"):
    """How the duration of a user's own file has been written at times."""

    total_milliseconds: Milliseconds


class _Image(Struct):
    url: Address
    width: int | None = None


class _Album(Struct):
    name: Text | None = None
    images: list[_Image] | None = None

    @property
    def cover(self) -> str | None:
        by_nearness = sorted(
            self.images or [], key=lambda image: abs((image.width or 0) - COVER_PIXELS)
        )
        return by_nearness[0].url if by_nearness else None


class _ExternalIds(Struct):
    isrc: Text | None = None


class _ExternalUrls(Struct):
    spotify: Address | None = None


class _Track(Struct):
    name: Name
    artists: Annotated[list[_Artist], Meta(max_length=MOST_ARTISTS)] = []
    id: Text | None = None
    """None for a file of the user's own."""
    kind: Text = field(name="type", default="track")
    duration_ms: Milliseconds | _Duration | None = None
    album: _Album | None = None
    external_ids: _ExternalIds | None = None
    external_urls: _ExternalUrls | None = None

    def track(self) -> Track:
        album = self.album or _Album()
        ids = self.external_ids or _ExternalIds()
        urls = self.external_urls or _ExternalUrls()
        return Track(
            track_id=self.id or "",
            title=self.name,
            artists=self._credits,
            album=album.name or "",
            duration=seconds(self._milliseconds),
            isrc=ids.isrc or "",
            url=link(urls.spotify),
            image=link(album.cover),
        )

    @property
    def _credits(self) -> tuple[str, ...]:
        names = [artist.name for artist in self.artists[:MOST_ARTISTS]]
        return tuple(name for name in names if name and not name.isspace())

    @property
    def _milliseconds(self) -> int:
        told = self.duration_ms
        return told.total_milliseconds if isinstance(told, _Duration) else told or 0


class Listened(Struct):
    """One entry of the list. `played_at` is the end of the play, `track` may be null."""

    track: _Track | None
    played_at: Moment

    @property
    def mark(self) -> bytes:
        named = (self.track.id or self.track.name) if self.track else ""
        return mark(named, str(milliseconds(self.played_at)))

    @property
    def is_removed(self) -> bool:
        """Whether the track is no longer there."""
        return self.track is None

    def play(self) -> Play | None:
        """None for a podcast, and where the track is no longer there."""
        if self.track is None or self.track.kind == EPISODE:
            return None
        ended = seconds(milliseconds(self.played_at))
        return Play("spotify", self.track.track(), ended, Precision.END)


class Page(Struct):
    items: list[Raw]
    next: Cursor | None = None


pages = Decoder(Page)
entries = Decoder(Listened)
