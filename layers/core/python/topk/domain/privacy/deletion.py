"""Deletions: which plays their owner has deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from topk.domain.play import Play, Track
from topk.domain.song.identity import isrc_of, song_id
from topk.domain.song.joining import Grouping, songs
from topk.domain.song.marks import NO_SONG, SongMark, Spelling, mark_of, spelling_of


@dataclass(frozen=True, slots=True)
class Deletion:
    """The plays of a song, or all of a `provider`, that started at or before `until`.

    An inferred time is the earliest possible, so that a play in doubt stays deleted. A song is
    covered by its mark and its `isrcs`.
    """

    until: int
    provider: str = ""
    song: SongMark = NO_SONG
    isrcs: tuple[str, ...] = ()

    def supersedes(self, earlier: "Deletion") -> bool:
        """Whether every play that `earlier` covers is covered by this one too."""
        if earlier.until > self.until or earlier.provider != self.provider:
            return False
        return bool(self.provider) or (
            earlier.song.current() <= self.song.current()
            and set(earlier.song.spellings) <= set(self.song.spellings)
            and set(earlier.isrcs) <= set(self.isrcs)
        )


def of_song(song: str, plays: Iterable[Play], *, now: int, grouped: Grouping = songs) -> Deletion:
    """The deletion at `now` of `song` from all `plays` of an owner.

    It covers every id of `song` that no other song has, other tracks of it by their spelling, and
    the ISRCs that no other song shares, so that other spellings are covered too. Plays with a time
    after `now` are included. `grouped` makes songs of tracks.
    """
    latest: dict[Track, int] = {}
    for play in plays:
        latest[play.track] = max(play.started_at, latest.get(play.track, 0))
    found = grouped(latest)
    meant = {track for ids, tracks in found if song in ids for track in tracks}
    others = latest.keys() - meant
    mark = mark_of(meant, others)
    if song not in map(song_id, latest):
        # An id that only this owner has, or that no play has any more.
        mark = mark._replace(ids=(*mark.ids, song))
    isrcs = {isrc_of(track) for track in meant} - {isrc_of(track) for track in others}
    return Deletion(
        max([now, *(latest[track] for track in meant)]),
        song=mark,
        isrcs=tuple(sorted(isrcs - {""})),
    )


class Deletions:
    """All deletions of one owner, indexed so that a play costs the same however many there are."""

    __slots__ = ("_by_isrc", "_by_provider", "_by_song", "_by_spelling")

    def __init__(self, deletions: Iterable[Deletion]) -> None:
        self._by_provider: dict[str, int] = {}
        self._by_song: dict[str, int] = {}
        self._by_spelling: dict[Spelling, int] = {}
        self._by_isrc: dict[str, int] = {}
        for one in deletions:
            if one.provider:
                _extend(self._by_provider, (one.provider,), one.until)
            else:
                _extend(self._by_song, one.song.current(), one.until)
                _extend(self._by_spelling, one.song.spellings, one.until)
                _extend(self._by_isrc, one.isrcs, one.until)

    def __bool__(self) -> bool:
        return bool(self._by_provider or self._by_song or self._by_spelling or self._by_isrc)

    def cover(self, play: Play) -> bool:
        """Whether any of the deletions covers `play`."""
        started = play.started_at
        if started <= self._by_provider.get(play.provider, _NEVER):
            return True
        track = play.track
        if self._by_song and started <= self._by_song.get(song_id(track), _NEVER):
            return True
        if self._by_spelling and started <= self._by_spelling.get(spelling_of(track), _NEVER):
            return True
        return bool(self._by_isrc) and started <= self._by_isrc.get(isrc_of(track), _NEVER)

    def name(self, song: str) -> bool:
        """Whether one of them is of the song with this id."""
        return song in self._by_song or any(song == one.song_id for one in self._by_spelling)


_NEVER = -inf
_Name = TypeVar("_Name", str, Spelling)


def _extend(until: dict[_Name, int], names: Iterable[_Name], moment: int) -> None:
    for name in names:
        until[name] = max(moment, until.get(name, moment))
