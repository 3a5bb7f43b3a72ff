"""Finds the song of the world for a served one: by its link, not by its id or title."""

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
        """The place of a song in the catalogue; None if unknown.

        A song without a link, such as a local file, is found by title and artists in the
        provider's spelling.
        """
        return self.at(served.url, served.title, served.singers)

    def at(self, url: str, title: str, singers: tuple[str, ...]) -> int | None:
        """Like `find`, for a song given by its fields."""
        signs = (_PARTS.split(url)[-1], urlsplit(url).path, (title, singers))
        return next((self._by_sign[sign] for sign in signs if sign in self._by_sign), None)

    def address(self, place: int | None) -> str:
        """A URL that ends with an id of the song at `place` in the catalogue."""
        return "" if place is None else f"/{self._songs[place].apple_id}"


def _signs(song: Song) -> Iterator[Hashable]:
    yield from (*song.spotify_ids, other_track_id(song), song.apple_id, song.video_id)
    yield from (lastfm_path(song), partner_id(song))
    for track_id in song.spotify_ids:
        yield spotify_title(song, track_id), spotify_artists(song)
