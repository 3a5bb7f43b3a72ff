"""An owner's most played songs, artists and albums of one window, built when somebody asks."""

from dataclasses import dataclass
from enum import StrEnum

from topk.domain.toplist.albums import RankedAlbum
from topk.domain.toplist.artists import RankedArtist
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.window import Span, Window


class Of(StrEnum):
    """What a list ranks. The names are parameters of the API."""

    SONGS = "songs"
    ARTISTS = "artists"
    ALBUMS = "albums"


@dataclass(frozen=True, slots=True)
class Tops:
    """`without_artist` and `without_album` are the plays that count for no artist and no album,
    because no report names one.
    """

    span: Span
    window: Window
    completeness: Completeness
    songs: tuple[RankedSong, ...] = ()
    artists: tuple[RankedArtist, ...] = ()
    albums: tuple[RankedAlbum, ...] = ()
    without_artist: int = 0
    without_album: int = 0
