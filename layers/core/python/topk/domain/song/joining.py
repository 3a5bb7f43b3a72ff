"""Which song ids are one song among the tracks of one owner.

Four things join two ids: a name that one title holds beside its own ("봄날 (Spring Day)"), the
same artists in another order, the same sound in two scripts, and a shared ISRC. Each is looked up
rather than compared with all others, so that the cost grows with the number of tracks alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from topk.domain.play import Track
from topk.domain.song.identity import Identity, identify, isrc_of, sound_of
from topk.domain.song.recordings import compatible
from topk.domain.song.scripts import is_foreign
from topk.domain.song.titles import Song

MOST_OF_AN_ISRC = 8
"""Songs that may share an ISRC. One that more share is made up, and so says nothing."""

Tracks = Mapping[str, Collection[Track]]
_Link = tuple[str, str]
_Named = tuple[str, Song]


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
    carrier: dict[str, str] = {}
    shared: set[str] = set()
    foreign = False
    for song, of_song in tracks.items():
        for track in of_song:
            isrc = isrc_of(track)
            if isrc and carrier.setdefault(isrc, song) != song:
                shared.add(isrc)
            known = identify(track)
            if known.is_plain:
                continue
            foreign = foreign or known.foreign
            links += [(song, other) for other, _ in known.others if other in tracks]
            if known.credited and credited.setdefault(known.credited, song) != song:
                links.append((song, credited[known.credited]))
    if foreign:
        links += _by_sound(tracks)
    if shared:
        links += _by_isrc(tracks, shared)
    return links


def _by_isrc(tracks: Tracks, shared: Collection[str]) -> Iterator[_Link]:
    carried: dict[str, dict[str, Track]] = {isrc: {} for isrc in shared}
    for song, of_song in tracks.items():
        for track in of_song:
            if (of_isrc := carried.get(isrc_of(track))) is not None:
                of_isrc[song] = min(of_isrc.get(song, track), track)
    for of_isrc in carried.values():
        if len(of_isrc) <= MOST_OF_AN_ISRC:
            for (one, a), (other, b) in combinations(of_isrc.items(), 2):
                if compatible(a, b):
                    yield one, other


def _by_sound(tracks: Tracks) -> Iterator[_Link]:
    """Songs whose title, artist or both are the same in two scripts."""
    alike: dict[Song, set[_Named]] = defaultdict(set)
    latin: list[_Named] = []
    for name, known in _identities(tracks):
        if known.foreign:
            alike[sound_of(known.song)].add((name, known.song))
            for _, other in known.others:
                alike[sound_of(other)].add((name, other))
        else:
            latin.append((name, known.song))
    for named in latin:
        if (of_sound := alike.get(sound_of(named[1]))) is not None:
            of_sound.add(named)
    for of_sound in alike.values():
        if len(of_sound) > 1:
            yield from _across_scripts(of_sound)


def _identities(tracks: Tracks) -> Iterator[tuple[str, Identity]]:
    return ((name, identify(track)) for name, of_song in tracks.items() for track in of_song)


def _across_scripts(of_sound: Collection[_Named]) -> Iterator[_Link]:
    """Where two songs of the same scripts sound alike, it is unknown which is meant: none is."""
    by_scripts: dict[tuple[bool, bool], dict[str, Song]] = defaultdict(dict)
    for name, song in sorted(of_sound):
        by_scripts[is_foreign(song.title), is_foreign(song.artist)].setdefault(name, song)
    if any(len(songs) > 1 for songs in by_scripts.values()):
        return
    for one, other in combinations(by_scripts.values(), 2):
        ((name, song),), ((other_name, other_song),) = one.items(), other.items()
        if _differ_in_script(song, other_song):
            yield name, other_name


def _differ_in_script(one: Song, other: Song) -> bool:
    return all(
        mine.replace(" ", "") == yours.replace(" ", "") or is_foreign(mine) != is_foreign(yours)
        for mine, yours in zip(one[:2], other[:2], strict=True)
    )
