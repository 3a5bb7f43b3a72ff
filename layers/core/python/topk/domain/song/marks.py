"""Songs in stored records, named so that a later rule of identity finds them too."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from topk.domain.play import Track
from topk.domain.song.identity import MOST_CREDITED, RULE, id_of, song_id
from topk.domain.song.spelling import LONGEST

LONGEST_KEPT_NAME = LONGEST + 100
"""Characters of a spelling that is kept for later rules; a song with none shorter is not found by
them.
"""
FIRST_RULE = 2
"""The rule of records that name none."""


class Spelling(NamedTuple):
    """A title and its credits as a provider writes them, as far as they take part in identity."""

    title: str
    artists: tuple[str, ...]

    @property
    def spelling_id(self) -> str:
        return id_of("\n".join((self.title, *self.artists)))

    @property
    def song_id(self) -> str:
        """The id of today's rule. A song of an unknown artist has another, from its track id."""
        return song_id(Track("", self.title, self.artists))


class SongMark(NamedTuple):
    """Tracks of one owner.

    `ids` are song ids by `rule`, whose tracks are all meant; `names` are spellings of them, by
    which a later rule finds its own ids. `spellings` are further tracks, of ids that other songs
    of the owner share.
    """

    ids: tuple[str, ...] = ()
    names: tuple[Spelling, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    rule: int = RULE

    def current(self) -> frozenset[str]:
        """The ids, and where another rule made them also those of today's rule."""
        if self.rule == RULE:
            return frozenset(self.ids)
        return frozenset(self.ids).union(name.song_id for name in self.names)


NO_SONG = SongMark()


@lru_cache(maxsize=16_384)
def _credits(artists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([artist[:LONGEST] for artist in artists[:MOST_CREDITED]])


def spelling_of(track: Track) -> Spelling:
    return Spelling(track.title[:LONGEST], _credits(track.artists))


def mark_of(tracks: Iterable[Track], others: Iterable[Track]) -> SongMark:
    """The mark of `tracks`; `others` are the owner's other tracks."""
    shared = {song_id(other) for other in others}
    own: dict[str, list[Track]] = defaultdict(list)
    spellings: set[Spelling] = set()
    for track in tracks:
        if (name := song_id(track)) in shared:
            spellings.add(spelling_of(track))
        else:
            own[name].append(track)
    known = marked(sorted(own), chain.from_iterable(own.values()))
    return known._replace(spellings=tuple(sorted(spellings)))


def marked(ids: Iterable[str], tracks: Iterable[Track]) -> SongMark:
    """The mark of a song by all of its `ids`, which `tracks` have."""
    wanted = dict.fromkeys(ids)
    names: dict[str, Spelling] = {}
    for track in tracks:
        spelling = spelling_of(track)
        if (name := song_id(track)) in wanted and _is_short(spelling):
            names[name] = min(spelling, names.get(name, spelling))
    return SongMark(tuple(wanted), tuple(names[one] for one in wanted if one in names))


def _is_short(spelling: Spelling) -> bool:
    return len(spelling.title) + sum(map(len, spelling.artists)) <= LONGEST_KEPT_NAME
