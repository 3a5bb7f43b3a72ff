"""Deletions: which plays their owner has deleted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from topk.domain.play import Play, Track
from topk.domain.song.identity import isrc_of, song_id
from topk.domain.song.joining import join


@dataclass(frozen=True, slots=True)
class Deletion:
    """The plays of a song, or all of a `provider`, that started at or before `until`.

    An inferred time is the earliest possible, so that a play in doubt stays deleted.
    """

    until: int
    provider: str = ""
    song_ids: tuple[str, ...] = ()
    isrcs: tuple[str, ...] = ()

    def supersedes(self, earlier: "Deletion") -> bool:
        """Whether every play that `earlier` covers is covered by this one too."""
        if earlier.until > self.until or earlier.provider != self.provider:
            return False
        return bool(self.provider) or (
            set(earlier.song_ids) <= set(self.song_ids) and set(earlier.isrcs) <= set(self.isrcs)
        )


def of_song(song: str, plays: Iterable[Play], *, now: int) -> Deletion:
    """The deletion at `now` of `song` from all `plays` of an owner.

    It covers every id that an ISRC joins to `song`, and the ISRCs that no other song shares, so
    that other spellings are covered too. Plays with a time after `now` are included.
    """
    tracks: dict[str, set[Track]] = defaultdict(set)
    latest: dict[str, int] = {}
    for play in plays:
        name = song_id(play.track)
        tracks[name].add(play.track)
        latest[name] = max(play.started_at, latest.get(name, 0))
    joined = join(tracks)
    meant = {name for name in tracks if joined[name] == joined.get(song)} | {song}
    isrcs = {isrc_of(track) for name in meant for track in tracks.get(name, ())}
    others = {isrc_of(track) for name in tracks.keys() - meant for track in tracks[name]}
    return Deletion(
        max([now, *(latest[name] for name in meant if name in latest)]),
        song_ids=tuple(sorted(meant)),
        isrcs=tuple(sorted(isrcs - others - {""})),
    )


class Deletions:
    """All deletions of one owner, indexed so that a play costs the same however many there are."""

    __slots__ = ("_by_isrc", "_by_provider", "_by_song")

    def __init__(self, deletions: Iterable[Deletion]) -> None:
        self._by_provider: dict[str, int] = {}
        self._by_song: dict[str, int] = {}
        self._by_isrc: dict[str, int] = {}
        for one in deletions:
            if one.provider:
                _extend(self._by_provider, (one.provider,), one.until)
            else:
                _extend(self._by_song, one.song_ids, one.until)
                _extend(self._by_isrc, one.isrcs, one.until)

    def __bool__(self) -> bool:
        return bool(self._by_provider or self._by_song or self._by_isrc)

    def cover(self, play: Play) -> bool:
        """Whether any of the deletions covers `play`."""
        started = play.started_at
        if started <= self._by_provider.get(play.provider, _NEVER):
            return True
        track = play.track
        if self._by_song and started <= self._by_song.get(song_id(track), _NEVER):
            return True
        return bool(self._by_isrc) and started <= self._by_isrc.get(isrc_of(track), _NEVER)

    def name(self, song: str) -> bool:
        """Whether one of them is of the song with this id."""
        return song in self._by_song


_NEVER = -inf


def _extend(until: dict[str, int], names: Iterable[str], moment: int) -> None:
    for name in names:
        until[name] = max(moment, until.get(name, moment))
