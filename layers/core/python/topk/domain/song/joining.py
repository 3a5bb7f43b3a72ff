"""Which song ids are one song among the tracks of one owner.

Four things join two ids: a name that one title holds beside its own ("봄날 (Spring Day)"), the
same artists in another order, the same sound in two scripts, and a shared ISRC. Each is looked up
rather than compared with all others, so that the cost grows with the number of tracks alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

from topk.domain.play import Track
from topk.domain.song.identity import Identity, identify, isrc_of
from topk.domain.song.recordings import compatible
from topk.domain.song.scripts import is_foreign

MOST_OF_AN_ISRC = 8
"""Songs that may share an ISRC. One that more share is made up, and so says nothing."""

Tracks = Mapping[str, Collection[Track]]
_Link = tuple[str, str]


def join(tracks: Tracks) -> dict[str, str]:
    """Each song id to the id that stands for it.

    `tracks` are the tracks of one user by song id. The smallest id of a group stands for it, so
    the answer depends on neither order nor repetition.
    """
    stands_for = dict(zip(tracks, tracks, strict=True))
    links = _links(tracks)
    if not links:
        return stands_for

    def root(song: str) -> str:
        while (parent := stands_for[song]) != song:
            stands_for[song] = song = stands_for[parent]
        return song

    for link in links:
        low, high = sorted(map(root, link))
        stands_for[high] = low
    return {song: root(song) for song in tracks}


def _links(tracks: Tracks) -> list[_Link]:
    links: list[_Link] = []
    credited: dict[str, str] = {}
    carried: dict[str, dict[str, Track]] = defaultdict(dict)
    foreign = False
    for song, of_song in tracks.items():
        for track in of_song:
            known = identify(track)
            if known.others:
                links += [(song, other) for other in known.others if other in tracks]
            if known.credited and credited.setdefault(known.credited, song) != song:
                links.append((song, credited[known.credited]))
            if isrc := isrc_of(track):
                of_isrc = carried[isrc]
                of_isrc[song] = min(of_isrc.get(song, track), track)
            foreign = foreign or known.foreign
    if foreign:
        links += _by_sound(tracks)
    links += _by_isrc(carried.values())
    return links


def _by_isrc(carried: Iterable[Mapping[str, Track]]) -> Iterator[_Link]:
    for of_isrc in carried:
        if 1 < len(of_isrc) <= MOST_OF_AN_ISRC:
            for (one, a), (other, b) in combinations(of_isrc.items(), 2):
                if compatible(a, b):
                    yield one, other


def _by_sound(tracks: Tracks) -> Iterator[_Link]:
    """Songs whose title, artist or both are the same in two scripts."""
    alike: dict[object, dict[str, Identity]] = defaultdict(dict)
    for song, of_song in tracks.items():
        known = identify(min(of_song))
        alike[known.sound][song] = known
    for of_sound in alike.values():
        if len(of_sound) > 1:
            yield from _across_scripts(of_sound)


def _across_scripts(of_sound: Mapping[str, Identity]) -> Iterator[_Link]:
    """Where two songs of the same scripts sound alike, it is unknown which is meant: none is."""
    by_scripts: dict[tuple[bool, bool], list[str]] = defaultdict(list)
    for song, known in of_sound.items():
        by_scripts[is_foreign(known.song.title), is_foreign(known.song.artist)].append(song)
    if any(len(songs) > 1 for songs in by_scripts.values()):
        return
    for (one,), (other,) in combinations(by_scripts.values(), 2):
        if _differ_in_script(of_sound[one], of_sound[other]):
            yield one, other


def _differ_in_script(one: Identity, other: Identity) -> bool:
    return all(
        mine == yours or is_foreign(mine) != is_foreign(yours)
        for mine, yours in zip(one.song[:2], other.song[:2], strict=True)
    )
