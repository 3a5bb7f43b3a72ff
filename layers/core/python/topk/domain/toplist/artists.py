"""The most played artists of a window.

A play counts for one artist, the main one of its song by the rules that identify songs. Featured
artists do not count, because providers disagree on whether and where they name them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from topk.domain.play import Track
from topk.domain.song.artists import names
from topk.domain.song.display import shown
from topk.domain.song.identity import id_of, identify
from topk.domain.song.scripts import is_foreign, sound
from topk.domain.toplist import shown_text
from topk.domain.toplist.ranking import PlayedSong
from topk.domain.toplist.tally import Plays, Tally, most_played

_SHORTEST_SOUND = 3
"""Characters of a name that is compared by its sound; shorter ones are alike by chance."""


class RankedArtist(NamedTuple):
    """An artist of a top list, with everything a page shows."""

    artist_id: str
    name: str
    listen_count: int
    song_count: int
    """The number of different songs played."""
    last_listened_at: int
    """Epoch seconds of the start of the latest play."""
    image: str
    """The cover of a song: providers tell no pictures of artists."""
    providers: tuple[str, ...]


def top_artists(played: Iterable[PlayedSong], depth: int) -> tuple[tuple[RankedArtist, ...], int]:
    """The `depth` most played artists, and the number of plays whose artist is not known.

    The order is total: count, then latest play, then id. It depends on the plays alone.
    """
    by_artist: dict[str, list[Plays]] = defaultdict(list)
    for plays, song in played:
        of_song = Plays.of(plays, song.tracks)
        by_artist[main_artist_of(of_song.tracks)].append(of_song)
    unknown = sum(len(of_song.plays) for of_song in by_artist.pop("", ()))
    merged = _one_script(by_artist)
    return tuple(map(_ranked, most_played(merged, _artist_id, depth))), unknown


def main_artist_of(tracks: Mapping[Track, int]) -> str:
    """The main artist of a song's tracks, as most of their plays name it; empty if none does."""
    counts: dict[str, int] = defaultdict(int)
    for track, plays in tracks.items():
        counts[identify(track).song.artist] += plays
    return min(counts, key=lambda artist: (not artist, -counts[artist], artist))


def _artist_id(artist: str) -> str:
    return id_of(f"artist\n{artist.replace(' ', '')}")


def _one_script(by_artist: dict[str, list[Plays]]) -> dict[str, list[Plays]]:
    """Artists whose names differ in spaces or script alone, as one.

    Where several names of one script sound alike, it is unknown which is meant: none is joined.
    """
    spaceless: dict[str, list[str]] = defaultdict(list)
    for artist in by_artist:
        spaceless[artist.replace(" ", "")].append(artist)
    groups = [*spaceless.values()]
    if any(is_foreign(same[0]) for same in groups):
        groups = _by_sound(groups)
    return {min(same): [plays for artist in same for plays in by_artist[artist]] for same in groups}


def _by_sound(groups: Iterable[list[str]]) -> list[list[str]]:
    by_sound: dict[str, list[list[str]]] = defaultdict(list)
    for same in groups:
        heard = sound(same[0])
        by_sound[heard if len(heard) >= _SHORTEST_SOUND else f"\n{same[0]}"].append(same)
    found: list[list[str]] = []
    for alike in by_sound.values():
        scripts = {is_foreign(same[0]) for same in alike}
        if len(scripts) == len(alike) > 1:
            found.append([artist for same in alike for artist in same])
        else:
            found += alike
    return found


def _ranked(tally: Tally[str]) -> RankedArtist:
    return RankedArtist(
        artist_id=tally.name,
        name=display_name(tally),
        listen_count=tally.listen_count,
        song_count=len(tally.songs),
        last_listened_at=tally.last_listened_at,
        image=tally.image,
        providers=tally.providers,
    )


def display_name(tally: Tally[str]) -> str:
    """The artist's name as most plays spell it, from a credit of no one else where there is one."""
    alone = tally.most_frequent(lambda track: _credits(track, alone=True))
    shared = alone or tally.most_frequent(lambda track: _credits(track, alone=False))
    return shown_text.title(shared or tally.key)


def _credits(track: Track, *, alone: bool) -> Iterable[str]:
    artist = identify(track).song.artist
    for credit in shown(track)[1]:
        named = names(credit)
        if named[0] == artist and (len(named) == 1 or not alone):
            yield credit
