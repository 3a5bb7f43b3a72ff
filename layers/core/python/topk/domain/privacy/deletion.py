"""Deletions: which plays their owner has deleted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

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

    def covers(self, play: Play) -> bool:
        if play.started_at > self.until:
            return False
        if self.provider:
            return play.provider == self.provider
        isrc = isrc_of(play.track)
        return song_id(play.track) in self.song_ids or (bool(isrc) and isrc in self.isrcs)


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


def covered(play: Play, deletions: Iterable[Deletion]) -> bool:
    return any(deletion.covers(play) for deletion in deletions)
