"""Spotify's recently played tracks, as the Web API writes them.

Source: developer.spotify.com/documentation/web-api/reference/get-recently-played.
"""

from typing import Annotated

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from topk.domain.limits import MOST_ARTISTS
from topk.domain.play import Play, Precision, Track
from topk.providers.checkpoints.checkpoint_hashes import mark
from topk.providers.http.units import (
    Address,
    Milliseconds,
    Moment,
    Name,
    Text,
    link,
    milliseconds,
    seconds,
)

COVER_PIXELS = 300


class _Artist(Struct):
    name: Name


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
    artists: Annotated[list[_Artist], Meta(min_length=1, max_length=MOST_ARTISTS)]
    id: Text | None = None
    """None for a file of the user's own."""
    duration_ms: Milliseconds | None = None
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
            artists=tuple(artist.name for artist in self.artists),
            album=album.name or "",
            duration=seconds(self.duration_ms or 0),
            isrc=ids.isrc or "",
            url=link(urls.spotify),
            image=link(album.cover),
        )


class Listened(Struct):
    """One entry of the list. `played_at` is the end of the play."""

    track: _Track
    played_at: Moment

    @property
    def mark(self) -> bytes:
        return mark(self.track.id or self.track.name, str(milliseconds(self.played_at)))

    def play(self) -> Play:
        ended = seconds(milliseconds(self.played_at))
        return Play("spotify", self.track.track(), ended, Precision.END)


class Page(Struct):
    items: list[Raw]
    next: str | None = None


pages = Decoder(Page)
entries = Decoder(Listened)
