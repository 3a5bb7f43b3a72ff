"""Plays counted for what songs have in common: an artist or an album."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, Self, TypeVar

from topk.domain.play import Started, Track
from topk.domain.toplist import shown_text

_Key = TypeVar("_Key", bound=Hashable)


class Plays(NamedTuple):
    """Plays of one song, in order, and how many there are of each of its tracks."""

    plays: Sequence[Started]
    tracks: Mapping[Track, int]

    @classmethod
    def of(cls, plays: Sequence[Started], tracks: Collection[Track]) -> Self:
        """`tracks` are those of the plays and maybe more. A song has one, usually."""
        if len(tracks) == 1:
            return cls(plays, dict.fromkeys(tracks, len(plays)))
        return cls(plays, Counter(play.track for _, play in plays))


class Tally(NamedTuple, Generic[_Key]):
    """The plays of `key`, as those of each of its songs."""

    name: str
    """The id of `key`, the same for every owner."""
    key: _Key
    songs: Sequence[Plays]

    @property
    def listen_count(self) -> int:
        return sum(len(song.plays) for song in self.songs)

    @property
    def last_listened_at(self) -> int:
        """Epoch seconds of the start of the latest play."""
        return max(song.plays[-1][0] for song in self.songs)

    @property
    def providers(self) -> tuple[str, ...]:
        return tuple(sorted({play.provider for song in self.songs for _, play in song.plays}))

    @property
    def image(self) -> str:
        """The cover of the latest play that has one."""
        return shown_text.address(max(map(_cover, self.songs))[1])

    def most_frequent(self, said: Callable[[Track], Iterable[str]]) -> str:
        """What most plays say; of several the shortest, of these the first."""
        counts: dict[str, int] = defaultdict(int)
        for song in self.songs:
            for track, plays in song.tracks.items():
                for text in said(track):
                    counts[text] += plays
        return min(counts, key=lambda text: (-counts[text], len(text), text), default="")


def _cover(song: Plays) -> tuple[int, str]:
    covers = ((at, play.track.image) for at, play in reversed(song.plays) if play.track.image)
    return next(covers, (0, ""))


def most_played(
    by_key: Mapping[_Key, Sequence[Plays]],
    named: Callable[[_Key], str],
    depth: int,
) -> list[Tally[_Key]]:
    """The `depth` keys with most plays. The order is total: count, then latest play, then id."""
    tallies = [Tally(named(key), key, songs) for key, songs in by_key.items()]
    return sorted(tallies, key=_place)[:depth]


def _place(tally: Tally[_Key]) -> tuple[int, int, str]:
    return -tally.listen_count, -tally.last_listened_at, tally.name
