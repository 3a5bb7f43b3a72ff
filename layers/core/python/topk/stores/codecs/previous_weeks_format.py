"""The format of a top list's earlier rankings; see stores/codecs/list_format.py."""

from base64 import b32encode
from collections.abc import Iterable, Sequence

from topk.domain.toplist.previous_weeks import PREFIX, Past, Place, place
from topk.domain.toplist.ranking import RankedSong

Ranks = tuple[int, ...]
"""Indices of a list's songs, followed by those of its additional names."""
WirePast = tuple[int, Ranks, Ranks | None, tuple[int, Ranks] | None]
OldPast = tuple[int, bytes, tuple[int, ...], tuple[bytes, ...] | None]
"""As in version 3."""


def write(songs: Sequence[RankedSong], past: Past) -> tuple[list[str], WirePast]:
    """The encoded `past`, and the names of songs that are not in `songs`."""
    known = {place(song.ids): index for index, song in enumerate(songs)}
    others: dict[Place, int] = {}

    def ranks(places: Iterable[Place]) -> Ranks:
        return tuple(
            known[one] if one in known else others.setdefault(one, len(songs) + len(others))
            for one in places
        )

    told = (
        past.made_of,
        ranks(past.places),
        None if past.firsts is None else ranks(past.firsts),
        None if past.turn is None else (past.turn.made_of, ranks(past.turn.places)),
    )
    return [*map(" ".join, others)], told


def read(
    songs: Sequence[RankedSong],
    names: Iterable[str],
    made_of: int,
    ranks: Ranks,
    firsts: Ranks | None,
    turn: tuple[int, Ranks] | None,
) -> Past:
    """Decode what `write` wrote. Raises IndexError for an unknown rank."""
    known = [*(place(song.ids) for song in songs), *(tuple(name.split(" ")) for name in names)]

    def places(ranks: Ranks) -> tuple[Place, ...]:
        return tuple([known[index] for index in ranks])

    return Past(
        places(ranks),
        None if firsts is None else places(firsts),
        made_of,
        None if turn is None else Past(places(turn[1]), made_of=turn[0]),
    )


def read_old(
    made_of: int, row: bytes, further: tuple[int, ...], firsts: tuple[bytes, ...] | None
) -> Past:
    """The past of version 3."""
    places: list[Place] = []
    for index, prefix in enumerate(_prefixes(row)):
        if index in further:
            places[-1] += (prefix,)
        else:
            places.append((prefix,))
    known = None if firsts is None else tuple(map(_prefixes, firsts))
    return Past(tuple(places), known, made_of)


def _prefixes(row: bytes) -> Place:
    """Of names of four bytes each."""
    names = (row[at : at + 4] for at in range(0, len(row), 4))
    return tuple(b32encode(name).decode("ascii").lower()[:PREFIX] for name in names)
