"""The ranking of the songs in a window."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from topk.domain.merge import merge
from topk.domain.play import Play, Precision, Track
from topk.domain.song import join, song_id
from topk.domain.window import Window

AROUND_SECONDS = 3600
"""How far outside of a window reports are looked at. A play that begins within it may be the same
as one that another provider reported as begun just before, and so outside."""
_UNTIMED = frozenset({Precision.INFERRED, Precision.DAY})


@dataclass(frozen=True, slots=True)
class RankedSong:
    """A song of a top list, with all that a page shows of it."""

    song_id: str
    title: str
    singers: tuple[str, ...]
    albums: tuple[str, ...]
    listen_count: int
    last_listened_at: int
    """Epoch seconds of the start of its latest play."""
    url: str
    image: str
    providers: tuple[str, ...]
    """Where it was heard, by name."""
    joined: tuple[str, ...] = ()
    """Further ids that are the same song in its owner's plays, by a shared ISRC."""

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.song_id, *self.joined)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The songs listened to most, and of how many plays in all: `inferred` of the `counted` ones
    have no time of their own.
    """

    songs: tuple[RankedSong, ...]
    counted: int
    inferred: int


def rank(reports: Iterable[Play], window: Window, depth: int) -> tuple[RankedSong, ...]:
    """The `depth` songs listened to most within `window`."""
    return ranking(reports, window, depth).songs


def ranking(
    reports: Iterable[Play], window: Window, depth: int, *, hidden: frozenset[str] = frozenset()
) -> Ranking:
    """The `depth` songs listened to most within `window`, and how many plays all songs have.

    Songs with an id among `hidden` count for nothing. The order is total: count, then latest play,
    then song_id. It depends on the set of reports around the window alone, never on their order or
    repetition, nor on what was heard long before or after.
    """
    heard = _heard(reports, window, hidden)
    return Ranking(
        songs=tuple(_ranked(song) for song in heard[:depth]),
        counted=sum(len(song.plays) for song in heard),
        inferred=sum(play.precision in _UNTIMED for song in heard for play in song.plays),
    )


def leaders(
    reports: Iterable[Play], window: Window, depth: int, *, hidden: frozenset[str] = frozenset()
) -> tuple[tuple[str, ...], ...]:
    """The ids of the songs that `ranking` has, in its order, at half the cost."""
    return tuple(song.ids for song in _heard(reports, window, hidden)[:depth])


def same_songs(reports: Iterable[Play], songs: frozenset[str]) -> frozenset[str]:
    """`songs` and every id that is the same song as one of them in `reports`."""
    groups = by_song(reports) if songs else {}
    return songs.union(*(ids for ids in groups if not songs.isdisjoint(ids)))


class _Heard(NamedTuple):
    """A song's `plays` in a window, in the order of their starts, and the `reports` of them."""

    ids: tuple[str, ...]
    plays: list[Play]
    reports: list[Play]


def _heard(reports: Iterable[Play], window: Window, hidden: frozenset[str]) -> list[_Heard]:
    """All songs of `window`, the one listened to most first."""
    songs: list[_Heard] = []
    start, end = window.start, window.end
    for ids, of_song in by_song(_around(window, reports)).items():
        if not hidden.isdisjoint(ids):
            continue
        if plays := [play for play in merge(of_song) if start <= play.started_at < end]:
            songs.append(_Heard(ids, plays, of_song))
    songs.sort(key=lambda song: (-len(song.plays), -song.plays[-1].started_at, song.ids[0]))
    return songs


def _around(window: Window, reports: Iterable[Play]) -> Iterable[Play]:
    earliest, latest = window.start - AROUND_SECONDS, window.end + AROUND_SECONDS
    return (report for report in reports if earliest <= report.started_at < latest)


def by_song(reports: Iterable[Play]) -> dict[tuple[str, ...], list[Play]]:
    """Reports by the ids of their song, the one that stands for it first."""
    by_id: dict[str, list[Play]] = defaultdict(list)
    for report in reports:
        by_id[song_id(report.track)].append(report)
    joined = join({name: [play.track for play in plays] for name, plays in by_id.items()})
    ids: dict[str, list[str]] = defaultdict(list)
    for name in sorted(by_id):
        ids[joined[name]].append(name)
    return {
        tuple(names): [report for name in names for report in by_id[name]] for names in ids.values()
    }


def _ranked(song: _Heard) -> RankedSong:
    ids, plays, reports = song
    tracks = {play.track for play in plays}
    shown = max(tracks, key=_telling) if len(tracks) > 1 else plays[0].track
    albums: dict[str, int] = defaultdict(int)
    for play in plays:
        if album := play.track.album:
            albums[album] += 1
    return RankedSong(
        song_id=ids[0],
        title=shown.title,
        singers=shown.artists,
        albums=tuple(sorted(albums, key=lambda album: (-albums[album], album))),
        listen_count=len(plays),
        last_listened_at=plays[-1].started_at,
        url=shown.url,
        image=shown.image,
        providers=tuple(sorted({report.provider for report in reports})),
        joined=ids[1:],
    )


def _telling(track: Track) -> tuple[bool, bool, bool, int, Track]:
    """How well a track describes its song: catalogue entries before video titles."""
    return bool(track.isrc), bool(track.image), bool(track.album), -len(track.title), track
