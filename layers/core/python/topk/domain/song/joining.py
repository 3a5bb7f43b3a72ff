"""Which song ids are one song among the tracks of one owner.

Four things join two ids: a name that one title holds beside its own ("봄날 (Spring Day)"), the
same artists in another order, the same sound in two scripts, and a shared ISRC. Each is looked up
rather than compared with all others, so that the cost grows with the number of tracks alone.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations

from topk.domain.play import Track
from topk.domain.song.identity import Identity, identify, isrc_of, sound_of
from topk.domain.song.recordings import compatible
from topk.domain.song.scripts import is_foreign
from topk.domain.song.titles import Song

MOST_OF_AN_ISRC = 8
"""Songs that may share an ISRC. One that more share is made up, and so says nothing."""

Tracks = Mapping[str, Collection[Track]]
OfSong = tuple[tuple[str, ...], list[Track]]
Grouping = Callable[[Iterable[Track]], list[OfSong]]
"""What makes songs of tracks, as `songs` does."""
_Link = tuple[str, str]
_Identified = tuple[str, Identity, Track]
"""A track with the id of its song."""


def songs(tracks: Iterable[Track]) -> list[OfSong]:
    """The ids of each song, the one that stands for it first, and its tracks; by that id.

    Neither order nor repetition of the tracks of one owner changes what is one song.
    """
    by_id: dict[str, list[Track]] = defaultdict(list)
    identities: list[_Identified] = []
    for track in tracks:
        known = identify(track)
        name = known.song_id
        by_id[name].append(track)
        identities.append((name, known, track))
    links = _links(by_id, identities)
    if not links:
        return [((name,), by_id[name]) for name in sorted(by_id)]
    joined = _joined(by_id, links)
    ids: dict[str, list[str]] = defaultdict(list)
    for name in sorted(by_id):
        ids[joined[name]].append(name)
    return [(tuple(of), [*chain(*map(by_id.__getitem__, of))]) for of in ids.values()]


def join(tracks: Tracks) -> dict[str, str]:
    """Each song id to the id that stands for it.

    `tracks` are the tracks of one user by song id. The smallest id of a group stands for it, so
    the answer depends on neither order nor repetition. What joins two ids depends on their tracks
    alone, so joining once more joins nothing further.
    """
    identities = [(name, identify(track), track) for name in tracks for track in tracks[name]]
    return _joined(tracks, _links(tracks, identities))


def _joined(tracks: Tracks, links: Iterable[_Link]) -> dict[str, str]:
    stands_for = dict(zip(tracks, tracks, strict=True))

    def root(song: str) -> str:
        while (parent := stands_for[song]) != song:
            stands_for[song] = song = stands_for[parent]
        return song

    for link in links:
        low, high = sorted(map(root, link))
        stands_for[high] = low
    return {song: root(song) for song in tracks}


def _links(tracks: Tracks, identities: Sequence[_Identified]) -> list[_Link]:
    """`identities` are those of `tracks`, each with its id there; another where it was joined
    before.
    """
    links: list[_Link] = []
    if special := [one for one in identities if not one[1].is_plain]:
        named = {known.song_id: name for name, known, _ in identities}
        links += [*_by_artists(special), *_by_other_names(special, named)]
        if any(known.foreign for _, known, _ in special):
            links += _by_sound(identities)
    if shared := _shared_isrcs(identities):
        links += _by_isrc(tracks, shared)
    return links


def _by_other_names(special: Iterable[_Identified], named: Mapping[str, str]) -> Iterator[_Link]:
    for song, known, _ in special:
        for other, _ in known.others:
            if other in named:
                yield song, named[other]


def _by_artists(special: Iterable[_Identified]) -> Iterator[_Link]:
    """Songs of the same artists, whoever is named first."""
    credited: dict[object, str] = {}
    for song, known, _ in special:
        if known.credited and credited.setdefault(known.credited, song) != song:
            yield song, credited[known.credited]


def _shared_isrcs(identities: Iterable[_Identified]) -> set[str]:
    """The well-formed ISRCs shared by tracks of more than one song."""
    carrier: dict[str, str] = {}
    return {
        isrc
        for song, _, track in identities
        if (isrc := isrc_of(track)) and carrier.setdefault(isrc, song) != song
    }


def _by_isrc(tracks: Tracks, shared: Collection[str]) -> Iterator[_Link]:
    carried: dict[str, dict[str, tuple[Track, str]]] = {isrc: {} for isrc in shared}
    for song, of_song in tracks.items():
        for track in of_song:
            if (of_isrc := carried.get(isrc_of(track))) is not None:
                name, found = identify(track).song_id, (track, song)
                of_isrc[name] = min(of_isrc.get(name, found), found)
    for of_isrc in carried.values():
        if len(of_isrc) <= MOST_OF_AN_ISRC:
            for (a, one), (b, other) in combinations(of_isrc.values(), 2):
                if one != other and compatible(a, b):
                    yield one, other


def _by_sound(identities: Iterable[_Identified]) -> Iterator[_Link]:
    """Songs whose title, artist or both are the same in two scripts."""
    alike: dict[Song, dict[Song, str]] = {}
    for name, known, _ in identities:
        if known.foreign:
            for song in (known.song, *(other for _, other in known.others)):
                _note(alike.setdefault(sound_of(song), {}), song, name)
    for name, known, _ in identities:
        if not known.foreign and (sound := sound_of(known.song)) in alike:
            _note(alike[sound], known.song, name)
    for of_sound in alike.values():
        if len(of_sound) > 1:
            yield from _across_scripts(of_sound)


def _note(of_sound: dict[Song, str], song: Song, name: str) -> None:
    """Spaces do not count, as providers set them differently."""
    song = Song(song.title.replace(" ", ""), song.artist.replace(" ", ""), song.version)
    of_sound[song] = min(of_sound.get(song, name), name)


def _across_scripts(of_sound: Mapping[Song, str]) -> Iterator[_Link]:
    """Where two songs of the same scripts sound alike, it is unknown which is meant: none is."""
    by_scripts: dict[tuple[bool, bool], list[Song]] = defaultdict(list)
    for song in of_sound:
        by_scripts[is_foreign(song.title), is_foreign(song.artist)].append(song)
    if all(len(songs) == 1 for songs in by_scripts.values()):
        for (one,), (other,) in combinations(by_scripts.values(), 2):
            if _differ_in_script(one, other):
                yield of_sound[one], of_sound[other]


def _differ_in_script(one: Song, other: Song) -> bool:
    return all(
        mine == yours or is_foreign(mine) != is_foreign(yours)
        for mine, yours in zip(one[:2], other[:2], strict=True)
    )
