"""The cost of an owner's list as what the owner brings grows, in counted calls."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log2
from types import FrameType
from typing import Any

from topk.domain.chunk import Chunk
from topk.domain.errors import OverBudgetError
from topk.domain.limits import MOST_HIDDEN_SONGS
from topk.domain.owner import Owner
from topk.domain.play import Brought, Play, Track
from topk.domain.play_log import History
from topk.domain.privacy.deletion import Deletion, Deletions
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import song_id
from topk.domain.song.marks import SongMark
from topk.domain.toplist.window import Window
from topk.usecases.lists.build_list import build_list

OWNER = Owner("harbor", "owner")
NOW = 1_795_348_800
_WEEK = 5 * 86_400
SIZES = (200, 2_000, 20_000)
SLACK = 1.25
"""Of n log n: fixed costs make small inputs look cheap."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Calls that a list of each size took."""

    brought: str
    calls: tuple[int, ...]
    sizes: tuple[int, ...] = SIZES

    @property
    def grows_slowly(self) -> bool:
        """Whether no step exceeds n log n."""
        first = self.sizes[0] * log2(self.sizes[0])
        return all(
            calls <= self.calls[0] * SLACK * (size * log2(size) / first)
            for size, calls in zip(self.sizes, self.calls, strict=True)
        )


def costs(sizes: Sequence[int] = SIZES) -> list[Cost]:
    return [
        Cost(name, tuple(counted(partial(work, size)) for size in sizes), tuple(sizes))
        for name, work in BROUGHT.items()
    ]


def list_of(reports: int) -> str:
    """What is wrong if a list of so many reports is built."""
    try:
        _list(_different_songs(reports))
    except OverBudgetError:
        return ""
    return f"a list of {reports} reports was built"


def counted(work: Callable[[], object]) -> int:
    """How many functions of the product and of Python `work` calls."""
    calls = 0

    def note(_frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def _list(plays: Sequence[Play]) -> object:
    return build_list(
        OWNER,
        Window.current(NOW),
        plays=_NothingElse(),
        connected=(),
        hidden=Hidden(frozenset(song_id(play.track) for play in plays[:MOST_HIDDEN_SONGS])),
        stored=None,
        history=History([(NOW - 60, tuple(plays))]),
    )


class _NothingElse:
    """Plays of the weeks before."""

    def append(self, chunks: Iterable[Chunk]) -> None:
        raise NotImplementedError

    def since(self, owner: Owner, moment: int, *, until: int | None = None) -> list[Brought]:  # noqa: ARG002
        return []

    def begin_history(self, owner: Owner, moment: int) -> Callable[[], History]:  # noqa: ARG002
        return lambda: History([])


def _play(number: int, of: int, title: str, *, album: str = "", isrc: str = "") -> Play:
    at = NOW - 86_400 - number * _WEEK // of
    track = Track(f"fake{number}", title, ("The Lanterns",), album=album, isrc=isrc)
    return Play("listenbrainz", track, at)


def _different_songs(of: int) -> list[Play]:
    return [_play(n, of, f"Song {n}") for n in range(of)]


def _one_isrc(of: int) -> list[Play]:
    return [_play(n, of, f"Song {n}", isrc="GBAYE0601498") for n in range(of)]


def _one_song(of: int) -> list[Play]:
    return [_play(n, of, "Dawn", album=f"Album {n}") for n in range(of)]


def _versions(of: int) -> list[Play]:
    return [_play(n, of, f"Dawn (Remix {n})", isrc=f"GBAYE{n:07}") for n in range(of)]


def _scripts(of: int) -> list[Play]:
    return [
        _play(n, of, f"{chr(0x4E00 + n % 20_000)}{n}", isrc=f"GBAYE{n // 2:07}") for n in range(of)
    ]


def _deletions(of: int) -> int:
    plays = _different_songs(of)
    names = (song_id(play.track) for play in plays)
    deleted = Deletions(Deletion(NOW, song=SongMark((name,))) for name in names)
    return sum(deleted.cover(play) for play in plays)


BROUGHT: Mapping[str, Callable[[int], object]] = {
    "plays of different songs": lambda of: _list(_different_songs(of)),
    "plays that share one ISRC": lambda of: _list(_one_isrc(of)),
    "plays of one song on different albums": lambda of: _list(_one_song(of)),
    "versions of one song": lambda of: _list(_versions(of)),
    "titles in another script": lambda of: _list(_scripts(of)),
    "deletions, each with a play": _deletions,
}
"""What an owner can bring -> the work that it causes, by size."""
