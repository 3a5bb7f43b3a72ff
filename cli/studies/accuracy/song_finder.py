"""Which song of the world a served one is: by where it leads, not by what the service calls it."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from simulator.listeners.catalogue import Song, other_track_id
from simulator.listeners.spelling import lastfm_path, partner_id, spotify_artists, spotify_title
from topk.domain.toplist.ranking import RankedSong

_PARTS = re.compile(r"[/=]")


class SongFinder:
    def __init__(self, songs: Sequence[Song]) -> None:
        self._songs = songs
        self._by_sign: Mapping[Hashable, int] = {
            sign: song.index for song in songs for sign in _signs(song)
        }

    def find(self, served: RankedSong) -> int | None:
        """Its place in the catalogue. What leads nowhere, as a listener's own files do, is known
        by title and artists, spelt as the provider spells them.
        """
        return self.at(served.url, served.title, served.singers)

    def at(self, url: str, title: str, singers: tuple[str, ...]) -> int | None:
        """As `find`, for a song given in parts."""
        signs = (_PARTS.split(url)[-1], urlsplit(url).path, (title, singers))
        return next((self._by_sign[sign] for sign in signs if sign in self._by_sign), None)

    def address(self, place: int | None) -> str:
        """An address that ends with an id of the song at `place` in the catalogue."""
        return "" if place is None else f"/{self._songs[place].apple_id}"


def _signs(song: Song) -> Iterator[Hashable]:
    yield from (*song.spotify_ids, other_track_id(song), song.apple_id, song.video_id)
    yield from (lastfm_path(song), partner_id(song))
    for track_id in song.spotify_ids:
        yield spotify_title(song, track_id), spotify_artists(song)
