"""An owner's corrections: songs to keep apart or to join, and plays that were not the owner's.

Corrections change no play. They are applied when plays become songs, later ones over earlier ones,
so that undoing one restores the list. Each play is looked up by its song, so that it costs the same
however many corrections there are.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from topk.domain.play import Brought, Play, Track
from topk.domain.song import joining
from topk.domain.song.identity import id_of, song_id
from topk.domain.song.joining import OfSong
from topk.domain.song.marks import SongMark, Spelling, spelling_of


class Kind(StrEnum):
    """The names are stored; never rename one."""

    SPLIT = "split"
    """`songs` holds one mark: these tracks are a song of their own."""
    MERGE = "merge"
    """`songs` holds two marks, by id: they are one song."""
    NOT_ME = "not_me"
    """Plays that start from `since` to before `until`, of `provider` if one is named and of the
    song in `songs` if there is one, were not the owner's.
    """


@dataclass(frozen=True, slots=True)
class Correction:
    """Times are epoch seconds."""

    made_at: int
    kind: Kind
    songs: tuple[SongMark, ...] = ()
    since: int = 0
    until: int = 0
    provider: str = ""

    @property
    def correction_id(self) -> str:
        """The same for every correction that says the same."""
        songs = sorted((song.ids, song.spellings) for song in self.songs)
        return id_of(json.dumps([self.kind, songs, self.since, self.until, self.provider]))


def apart_id(mark: SongMark) -> str:
    """The id of the song of `mark`, some of whose tracks share their own id with another song."""
    return id_of(json.dumps(["apart", mark.ids, mark.spellings]))


_Key = tuple[str, Hashable]
"""A provider and a song id or spelling; each is empty for all."""


@dataclass(slots=True)
class _Times:
    """Spans of time, merged where they overlap."""

    spans: list[tuple[int, int]] = field(default_factory=list)

    def merge(self) -> None:
        merged: list[tuple[int, int]] = []
        for since, until in sorted(self.spans):
            if merged and since <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(until, merged[-1][1])
            else:
                merged.append((since, until))
        self.spans = merged

    def hold(self, moment: int) -> bool:
        at = bisect_right(self.spans, moment, key=lambda span: span[0])
        return at > 0 and moment < self.spans[at - 1][1]


@dataclass(frozen=True, slots=True)
class _Song:
    """A song's ids and tracks, and the number of the split that made it; -1 for none."""

    ids: tuple[str, ...]
    tracks: list[Track]
    split: int = -1


class Corrections:
    """All corrections of one owner, in the order in which they were made."""

    __slots__ = ("_apart", "_by_id", "_by_spelling", "_merges", "_times")

    def __init__(self, made: Iterable[Correction] = ()) -> None:
        self._apart: dict[int, str] = {}
        """The id of the song that a split by spelling makes."""
        self._by_id: dict[str, int] = {}
        self._by_spelling: dict[Spelling, int] = {}
        self._merges: list[tuple[int, frozenset[str]]] = []
        self._times: dict[_Key, _Times] = defaultdict(_Times)
        for number, one in enumerate(sorted(made, key=_order)):
            match one.kind:
                case Kind.SPLIT:
                    self._split(number, one.songs[0])
                case Kind.MERGE:
                    ids = frozenset[str]().union(*(song.current() for song in one.songs))
                    self._merges.append((number, ids))
                case Kind.NOT_ME:
                    for key in _keys(one):
                        self._times[key].spans.append((one.since, one.until))
        for times in self._times.values():
            times.merge()

    def _split(self, number: int, mark: SongMark) -> None:
        if mark.spellings:
            self._apart[number] = apart_id(mark)
        self._by_id |= dict.fromkeys(mark.current(), number)
        self._by_spelling |= dict.fromkeys(mark.spellings, number)

    def __bool__(self) -> bool:
        return bool(self._by_id or self._by_spelling or self._merges or self._times)

    def disown(self, play: Play) -> bool:
        """Whether `play` was not the owner's."""
        times, started = self._times, play.started_at
        return any(
            (found := times.get(key)) is not None and found.hold(started)
            for song in ("", song_id(play.track), spelling_of(play.track))
            for key in (("", song), (play.provider, song))
        )

    def kept(self, brought: Sequence[Brought]) -> Sequence[Brought]:
        """The plays of `brought` that were the owner's."""
        if not self._times:
            return brought
        return [
            (at, tuple([play for play in plays if not self.disown(play)])) for at, plays in brought
        ]

    def songs(self, tracks: Iterable[Track]) -> list[OfSong]:
        """As `joining.songs`, with what the owner has split and merged.

        Tracks that are set apart take no part in joining. A merge does not reach a song that was
        set apart after it.
        """
        if not (self._by_id or self._by_spelling or self._merges):
            return joining.songs(tracks)
        apart: dict[int, list[Track]] = defaultdict(list)
        for track in tracks:
            apart[self._split_of(track)].append(track)
        found = [_Song(ids, of_song) for ids, of_song in joining.songs(apart.pop(-1, ()))]
        for number, of_song in apart.items():
            found.append(_Song(self._ids(number, of_song), of_song, number))
        return [(song.ids, song.tracks) for song in self._merged(found)]

    def _split_of(self, track: Track) -> int:
        by_spelling = self._by_spelling.get(spelling_of(track), -1) if self._by_spelling else -1
        return max(by_spelling, self._by_id.get(song_id(track), -1))

    def _ids(self, number: int, tracks: Iterable[Track]) -> tuple[str, ...]:
        if name := self._apart.get(number):
            return (name,)
        return tuple(sorted({song_id(track) for track in tracks}))

    def _merged(self, songs: Sequence[_Song]) -> list[_Song]:
        """`songs` by their ids, merged ones joined."""
        where = {name: number for number, song in enumerate(songs) for name in song.ids}
        root = list(range(len(songs)))

        def root_of(number: int) -> int:
            while root[number] != number:
                root[number] = number = root[root[number]]
            return number

        for made, ids in self._merges:
            meant = {where[name] for name in ids if name in where}
            first, *others = sorted(one for one in meant if songs[one].split < made) or [-1]
            for other in others:
                root[root_of(other)] = root_of(first)
        groups: dict[int, list[_Song]] = defaultdict(list)
        for number, song in enumerate(songs):
            groups[root_of(number)].append(song)
        return sorted(map(self._one, groups.values()), key=lambda song: song.ids)

    def _one(self, songs: Sequence[_Song]) -> _Song:
        if len(songs) == 1:
            return songs[0]
        made = frozenset(self._apart.values())
        # An id that only this owner has stands for the song last: others share the rest.
        ids = sorted((name for song in songs for name in song.ids), key=lambda x: (x in made, x))
        return _Song(tuple(ids), [track for song in songs for track in song.tracks])


def _order(one: Correction) -> tuple[int, str]:
    return one.made_at, one.correction_id


def _keys(one: Correction) -> Iterator[_Key]:
    if not one.songs:
        yield one.provider, ""
    for mark in one.songs:
        yield from ((one.provider, name) for name in mark.current())
        yield from ((one.provider, spelling) for spelling in mark.spellings)
