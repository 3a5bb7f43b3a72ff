"""Shared songs: one ranking over the lists of several users."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import TopList

LEAST_LISTENERS = 3
MOST_PLAYS_EACH = 10
"""Maximum plays of a song that count for one user, so that nobody decides the ranking alone."""
_STEPS = (LEAST_LISTENERS, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class SharedSong:
    """`song` as one of the lists describes it; its counts are that list's and must not be shown.

    `at_least` is the number of listeners, rounded down in steps.
    """

    song: RankedSong
    at_least: int


def shared_songs(lists: Iterable[TopList], depth: int) -> tuple[SharedSong, ...]:
    """The `depth` songs on most of `lists`, each of one user, and on at least three.

    The order is total: listeners, then capped plays, then song_id. It does not depend on the order
    of the lists.
    """
    by_song: dict[str, list[RankedSong]] = defaultdict(list)
    for one in lists:
        for song in one.songs:
            by_song[song.song_id].append(song)
    shared = [songs for songs in by_song.values() if len(songs) >= LEAST_LISTENERS]
    shared.sort(key=lambda songs: (-len(songs), -_weight(songs), songs[0].song_id))
    return tuple(
        SharedSong(max(songs, key=_telling), _floor(len(songs))) for songs in shared[:depth]
    )


def _weight(songs: Iterable[RankedSong]) -> int:
    return sum(min(song.listen_count, MOST_PLAYS_EACH) for song in songs)


def _telling(song: RankedSong) -> tuple[bool, bool, str, str, str]:
    return bool(song.image), bool(song.albums), song.title, song.url, song.image


def _floor(listeners: int) -> int:
    return _STEPS[bisect_right(_STEPS, listeners) - 1]
