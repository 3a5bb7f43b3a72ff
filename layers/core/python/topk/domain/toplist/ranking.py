"""The ranking of the songs in a window."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from topk.domain.limits import MOST_SONG_IDS
from topk.domain.play import Play, Precision, Started, Track, between, in_order
from topk.domain.song.display import shown
from topk.domain.song.joining import Grouping, songs
from topk.domain.toplist import shown_text
from topk.domain.toplist.duplicate_accounts import duplicate_accounts
from topk.domain.toplist.merge import LONGEST_PAUSE_SECONDS, are_apart, merge_ordered
from topk.domain.toplist.timeline import Surroundings, Timeline
from topk.domain.toplist.window import Window

AROUND_SECONDS = LONGEST_PAUSE_SECONDS
"""Margin around a window in which reports are considered: another provider may report the start of
the same play outside it, as much earlier as the play was paused.
"""
_END = Precision.END


class RankedSong(NamedTuple):
    """A song of a top list, with everything a page shows."""

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
    """Names of the providers on which it was played."""
    joined: tuple[str, ...] = ()
    """Other ids of the same song in the owner's plays, joined by ISRC."""

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.song_id, *self.joined)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The most played songs, the number of `counted` plays, and how many of them are `inferred`.

    `duplicates` are the providers that are left out, because another account reports their plays.
    """

    songs: tuple[RankedSong, ...]
    counted: int
    inferred: int
    duplicates: frozenset[str] = frozenset()


def rank(reports: Iterable[Play], window: Window, depth: int) -> tuple[RankedSong, ...]:
    """The `depth` most played songs within `window`."""
    return ranking(in_order(reports), window, depth).songs


def ranking(
    reports: Sequence[Started],
    window: Window,
    depth: int,
    *,
    hidden: frozenset[str] = frozenset(),
    grouped: Grouping = songs,
) -> Ranking:
    """The `depth` most played songs within `window`, and the number of plays of all songs.

    Songs with an id in `hidden` do not count. The order is total: count, then latest play, then
    song_id. It depends only on the set of reports around the window, not on repetitions or on plays
    long before or after. `reports` are in order; `grouped` makes songs of their tracks.
    """
    heard = songs_played(reports, window, hidden=hidden, grouped=grouped)
    return Ranking(
        songs=ranked_songs(heard.songs[:depth]),
        counted=heard.counted,
        inferred=heard.inferred,
        duplicates=heard.duplicates,
    )


def ranked_songs(played: Iterable["PlayedSong"]) -> tuple[RankedSong, ...]:
    """Songs of `songs_played` as a list shows them."""
    return tuple(map(_ranked, played))


def leaders(
    reports: Sequence[Started],
    window: Window,
    depth: int,
    *,
    hidden: frozenset[str] = frozenset(),
    grouped: Grouping = songs,
) -> tuple[tuple[str, ...], ...]:
    """The ids of the songs of `ranking`, in its order, at half the cost."""
    heard = songs_played(reports, window, hidden=hidden, grouped=grouped)
    return tuple(song.ids for _, song in heard.songs[:depth])


def same_songs(
    reports: Iterable[Started], names: frozenset[str], *, grouped: Grouping = songs
) -> frozenset[str]:
    """`names` and every id that is the same song in `reports`, which are in order."""
    known = by_song(reports, grouped) if names else ()
    return names.union(*(song.ids for song in known if not names.isdisjoint(song.ids)))


class Reported(NamedTuple):
    """A song's ids, its representative first, its tracks, and its reports in order."""

    ids: tuple[str, ...]
    tracks: Sequence[Track]
    reports: Sequence[Started]


PlayedSong = tuple[Sequence[Started], Reported]
"""The plays of a song in a window, in order, with their reports."""


class Played(NamedTuple):
    """All songs of a window, most played first.

    `inferred` is the number of plays whose time is inferred; `duplicates` are the providers that
    are left out.
    """

    songs: list[PlayedSong]
    inferred: int
    duplicates: frozenset[str]

    @property
    def counted(self) -> int:
        """The number of plays."""
        return sum(len(plays) for plays, _ in self.songs)


def songs_played(
    reports: Sequence[Started],
    window: Window,
    *,
    hidden: frozenset[str] = frozenset(),
    grouped: Grouping = songs,
) -> Played:
    """The songs of `window`. Arguments are those of `ranking`."""
    found: list[PlayedSong] = []
    start, end = window.start, window.end
    around = between(reports, start - AROUND_SECONDS, end + AROUND_SECONDS)
    reported = by_song(around, grouped)
    if hidden:
        reported = [song for song in reported if hidden.isdisjoint(song.ids)]
    duplicates = frozenset[str]()
    # The accounts of most owners tell all times, which saves two passes over their plays.
    untimed = max([report[1][3] for report in around], default=_END) > _END
    if untimed:
        reported, duplicates = without_duplicates(reported)
    for all_plays, song in merged(reported):
        if plays := between(all_plays, start, end):
            found.append((plays, song))
    found.sort(key=lambda heard: (-len(heard[0]), -heard[0][-1][0], heard[1].ids[0]))
    return Played(found, inferred=_inferred(found) if untimed else 0, duplicates=duplicates)


def _inferred(songs: Iterable[PlayedSong]) -> int:
    """The number of plays whose time is inferred."""
    return sum(play.precision > _END for plays, _ in songs for _, play in plays)


def without_duplicates(songs: list[Reported]) -> tuple[list[Reported], frozenset[str]]:
    """`songs` without the reports of providers whose plays another one reports, and these."""
    left_out = duplicate_accounts([song.reports for song in songs])
    if not left_out:
        return songs, left_out
    return [
        song._replace(reports=[one for one in song.reports if one[1].provider not in left_out])
        for song in songs
    ], left_out


def merged(songs: Sequence[Reported]) -> Iterator[PlayedSong]:
    """The plays of each of `songs`, which are all that were reported, in order."""
    timeline = Timeline([song.reports for song in songs])
    for number, song in enumerate(songs):
        if len(song.reports) < 2 or are_apart(song.reports, song.tracks):
            yield song.reports, song
        else:
            yield merge_ordered(song.reports, Surroundings(timeline, number, song.tracks)), song


def by_song(ordered: Iterable[Started], grouped: Grouping = songs) -> list[Reported]:
    """Ordered reports by song."""
    by_track: dict[Track, list[Started]] = defaultdict(list)
    for report in ordered:
        by_track[report[1][1]].append(report)
    found: list[Reported] = []
    for ids, tracks in grouped(by_track):
        if len(tracks) == 1:
            reports = by_track[tracks[0]]
        else:
            reports = sorted(chain(*map(by_track.__getitem__, tracks)))
        found.append(Reported(ids, tracks, reports))
    return found


def _ranked(heard: PlayedSong) -> RankedSong:
    plays, (ids, tracks, reports) = heard
    latest, play = plays[-1]
    one = len(tracks) == 1
    best = play.track if one else max({play.track for _, play in plays}, key=_telling)
    title, singers = shown(best)
    return RankedSong(
        song_id=ids[0],
        title=shown_text.title(title),
        singers=shown_text.names(singers),
        albums=shown_text.names((best.album,) * bool(best.album) if one else _albums(plays)),
        listen_count=len(plays),
        last_listened_at=latest,
        url=shown_text.address(best.url),
        image=shown_text.address(best.image),
        providers=tuple(sorted({report[1][0] for report in reports})),
        joined=ids[1 : 1 + MOST_SONG_IDS],
    )


def _albums(plays: Iterable[Started]) -> tuple[str, ...]:
    """The albums of `plays`, most frequent first."""
    albums: dict[str, int] = defaultdict(int)
    for _, play in plays:
        if album := play.track.album:
            albums[album] += 1
    return tuple(sorted(albums, key=lambda album: (-albums[album], album)))


def _telling(track: Track) -> tuple[bool, bool, bool, int, Track]:
    """How well a track describes its song: catalogue entries rank before video titles."""
    return bool(track.isrc), bool(track.image), bool(track.album), -len(track.title), track
