"""Whether a served list is a correct top k of the truth."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Truth = Sequence[Mapping[str, Any]]
"""All songs of the window, ranked: title, count, last, exact_time, ids by provider."""


def fault(served: Sequence[Mapping[str, Any]], truth: Truth, k: int) -> str:
    """What is wrong with `served`; empty if every count and the choice and order of songs are
    exact. Among equal counts the latest play ranks first, if the provider reported its time.
    """
    by_id = {found: song for song in truth for ids in song["ids"].values() for found in ids}
    songs = [_song(by_id, one) for one in served]
    unknown = [one["title"] for one, song in zip(served, songs, strict=True) if song is None]
    if unknown:
        return f"{unknown[0]!r} was not played"
    known = [song for song in songs if song is not None]
    for one, song in zip(served, known, strict=True):
        if one["listen_count"] != song["count"]:
            return f"{song['title']!r} counts {one['listen_count']} instead of {song['count']}"
    expected = [song["count"] for song in truth[:k]]
    if [song["count"] for song in known] != expected:
        return f"{len(known)} songs of {len(expected)}, or not the most played ones"
    if len({id(song) for song in known}) != len(known):
        return "a song is listed twice"
    for first, second in pairwise(known):
        if _misplaced(first, second):
            return f"{second['title']!r} was played later than {first['title']!r}"
    return ""


def _song(
    by_id: Mapping[str, Mapping[str, Any]], served: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The song that the link leads to: its address ends with the provider's id."""
    url = str(served["url"])
    return next((song for found, song in by_id.items() if url.endswith(found)), None)


def _misplaced(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    timed = first["exact_time"] and second["exact_time"]
    return bool(timed and first["count"] == second["count"] and first["last"] < second["last"])
