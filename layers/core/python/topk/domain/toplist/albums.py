"""The most played albums of a window.

An album is known by its title and the main artist of the song: reports name no artist of an album,
so that a compilation is one album for each of its artists. Titles are read as those of songs, so
that editions are one album, and a recording of a concert is another.

A play counts for the album that its report names. If it names none, as those of YouTube, it counts
for the album that the song's other plays in the window name most.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from topk.domain.play import Started
from topk.domain.song.identity import id_of
from topk.domain.song.titles import Song, song_of
from topk.domain.toplist import shown_text
from topk.domain.toplist.artists import display_name, main_artist_of
from topk.domain.toplist.ranking import PlayedSong
from topk.domain.toplist.tally import Plays, Tally, most_played


class RankedAlbum(NamedTuple):
    """An album of a top list, with everything a page shows."""

    album_id: str
    title: str
    artist: str
    """Empty if it is not known."""
    listen_count: int
    song_count: int
    """The number of different songs played."""
    last_listened_at: int
    """Epoch seconds of the start of the latest play."""
    image: str
    providers: tuple[str, ...]


def top_albums(played: Iterable[PlayedSong], depth: int) -> tuple[tuple[RankedAlbum, ...], int]:
    """The `depth` most played albums, and the number of plays whose album is not known.

    The order is total: count, then latest play, then id. It depends on the plays alone.
    """
    by_album: dict[Song, list[Plays]] = defaultdict(list)
    unknown = 0
    for plays, song in played:
        for album, of_album in _by_album(Plays.of(plays, song.tracks)):
            if album is None:
                unknown += len(of_album.plays)
            else:
                by_album[album].append(of_album)
    return tuple(map(_ranked, most_played(by_album, _album_id, depth))), unknown


def _by_album(song: Plays) -> Iterator[tuple[Song | None, Plays]]:
    """The plays of one song by album; None for those whose album is not known."""
    named: dict[str, int] = defaultdict(int)
    for track, plays in song.tracks.items():
        if track.album:
            named[track.album] += plays
    if not named:
        yield None, song
        return
    artist = main_artist_of(song.tracks)
    if len(named) == 1:
        yield _album(next(iter(named)), artist), song
        return
    usual = min(named, key=lambda album: (-named[album], album))
    found: dict[Song, list[Started]] = defaultdict(list)
    for one in song.plays:
        found[_album(one[1].track.album or usual, artist)].append(one)
    for album, of_album in found.items():
        yield album, Plays.of(of_album, song.tracks)


@lru_cache(maxsize=16_384)
def _album(title: str, artist: str) -> Song:
    return song_of(title, (artist,) if artist else ())._replace(artist=artist)


def _album_id(album: Song) -> str:
    key = f"album\n{album.title}\n{album.artist}\n{','.join(album.version)}"
    return id_of(key.replace(" ", ""))


def _ranked(tally: Tally[Song]) -> RankedAlbum:
    artist = tally.key.artist
    return RankedAlbum(
        album_id=tally.name,
        title=shown_text.title(tally.most_frequent(lambda track: filter(None, (track.album,)))),
        artist=display_name(Tally("", artist, tally.songs)) if artist else "",
        listen_count=tally.listen_count,
        song_count=len(tally.songs),
        last_listened_at=tally.last_listened_at,
        image=tally.image,
        providers=tally.providers,
    )
