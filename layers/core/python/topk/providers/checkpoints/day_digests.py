"""Which days of a history have changed since the last reading.

Offline plays are recorded late under their own time, so readings overlap. Unchanged days are
skipped.
"""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby

from topk.domain.play import Play
from topk.providers.http.units import DAY_SECONDS

Days = dict[int, str]
"""A digest of the plays of each day (UTC, since the epoch) that has any."""


def changed(plays: Sequence[Play], known: Mapping[int, str]) -> tuple[tuple[Play, ...], Days]:
    """The plays of days that differ from `known`, and the digests of all days."""
    ordered = sorted(plays, key=_day)
    by_day = {day: tuple(found) for day, found in groupby(ordered, key=_day)}
    days = {day: _digest(found) for day, found in by_day.items()}
    fresh = (found for day, found in by_day.items() if days[day] != known.get(day))
    return tuple(play for found in fresh for play in found), days


def _day(play: Play) -> int:
    return play.listened_at // DAY_SECONDS


def _digest(plays: Sequence[Play]) -> str:
    identities = sorted(
        f"{play.listened_at} {play.track.track_id} {play.track.title}" for play in plays
    )
    return hashlib.blake2b("\n".join(identities).encode(), digest_size=6).hexdigest()
