"""Plays counted for what songs have in common: an artist or an album."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from topk.domain.play import Started, Track
from topk.domain.toplist import shown_text

_Key = TypeVar("_Key", bound=Hashable)


class Tally(NamedTuple, Generic[_Key]):
    """The plays of `key`, as those of each of its songs, in order."""

    name: str
    """The id of `key`, the same for every owner."""
    key: _Key
    songs: Sequence[Sequence[Started]]

    @property
    def listen_count(self) -> int:
        return sum(map(len, self.songs))

    @property
    def last_listened_at(self) -> int:
        """Epoch seconds of the start of the latest play."""
        return max(plays[-1][0] for plays in self.songs)

    @property
    def providers(self) -> tuple[str, ...]:
        return tuple(sorted({play.provider for _, play in self._plays()}))

    @property
    def image(self) -> str:
        """The cover of the latest play that has one."""
        covers = ((at, play.track.image) for at, play in self._plays() if play.track.image)
        return shown_text.address(max(covers, default=(0, ""))[1])

    def most_frequent(self, told: Callable[[Track], Iterable[str]]) -> str:
        """What most plays say; of several the shortest, of these the first."""
        said = Counter(text for _, play in self._plays() for text in told(play.track))
        return min(said, key=lambda text: (-said[text], len(text), text), default="")

    def _plays(self) -> Iterable[Started]:
        return (play for plays in self.songs for play in plays)


def most_played(
    by_key: Mapping[_Key, Sequence[Sequence[Started]]],
    named: Callable[[_Key], str],
    depth: int,
) -> list[Tally[_Key]]:
    """The `depth` keys with most plays. The order is total: count, then latest play, then id."""
    tallies = [Tally(named(key), key, songs) for key, songs in by_key.items()]
    return sorted(tallies, key=_place)[:depth]


def _place(tally: Tally[_Key]) -> tuple[int, int, str]:
    return -tally.listen_count, -tally.last_listened_at, tally.name
