"""What an owner hides from others while it stays in their own list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from topk.domain.errors import InvalidRequestError
from topk.domain.toplist.ranking import RankedSong

_SONG = re.compile(r"[a-z2-7]{16}")
_PROVIDER = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Songs by id, providers by name."""

    songs: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.songs or self.providers)

    @property
    def stamp(self) -> bytes:
        """Eight bytes that identify what a list was built without; empty for nothing."""
        if not self:
            return b""
        names = [*sorted(self.songs), "", *sorted(self.providers)]
        return blake2b("\n".join(names).encode(), digest_size=8).digest()

    def hides(self, song: RankedSong) -> bool:
        """Whether `song` is hidden from others: one of its ids, or all of its providers."""
        return not self.songs.isdisjoint(song.ids) or self.providers.issuperset(song.providers)


NOTHING = Hidden()


def songs_named(*names: str) -> frozenset[str]:
    """Raises InvalidRequestError if a name is not a song id."""
    return _named("song_id", _SONG, names)


def providers_named(*names: str) -> frozenset[str]:
    """Raises InvalidRequestError if a name is not a provider."""
    return _named("provider", _PROVIDER, names)


def _named(field: str, form: re.Pattern[str], names: Iterable[str]) -> frozenset[str]:
    found = frozenset(names)
    if not all(form.fullmatch(name) for name in found):
        raise InvalidRequestError(field, "is not one of ours")
    return found
