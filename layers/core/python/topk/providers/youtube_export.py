"""Where the exports of one account stand, as a checkpoint keeps it."""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Self

import msgspec

from topk.domain.play import Play
from topk.domain.provider import Fetched
from topk.providers.measures import DAY_SECONDS

Days = dict[int, str]
"""A digest of the plays of each day (UTC, since the epoch) that has any."""


class Export(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last export begun. Times are epoch seconds; None where there was none yet."""

    job: str | None = None
    """The export being prepared."""
    exported_through: int | None = None
    """Up to when the last complete export reached."""
    exported_at: int | None = None
    """When the last export was begun, which is up to when it reaches."""
    days: Days = {}
    """What the last complete export held."""

    @classmethod
    def of(cls, checkpoint: str) -> Self:
        """What `checkpoint` says; no export at all where it is empty or unreadable."""
        try:
            return msgspec.json.decode(checkpoint or "{}", type=cls)
        except msgspec.DecodeError:
            return cls()

    def begun(self, job: str, *, now: int) -> "Export":
        return msgspec.structs.replace(self, job=job, exported_at=now)

    def changed(self, plays: Sequence[Play]) -> tuple[tuple[Play, ...], Days]:
        """The plays of the days that do not hold what they held, and what all days hold.

        What was heard offline is recorded late, under its own time, so that exports overlap.
        """
        ordered = sorted(plays, key=_day)
        by_day = {day: tuple(found) for day, found in groupby(ordered, key=_day)}
        days = {day: _digest(found) for day, found in by_day.items()}
        fresh = (found for day, found in by_day.items() if days[day] != self.days.get(day))
        return tuple(play for found in fresh for play in found), days

    def completed(self, days: Days) -> "Export":
        return Export(None, self.exported_at, self.exported_at, days)

    def dropped(self) -> "Export":
        """Without the job; what it would have brought falls to the next export."""
        return msgspec.structs.replace(self, job=None)

    def fetched(self, *, resume_after: int | None = None) -> Fetched:
        """A crawl that brought no plays."""
        checkpoint = msgspec.json.encode(self).decode()
        return Fetched((), checkpoint, self.exported_through or 0, resume_after=resume_after)


def _day(play: Play) -> int:
    return play.listened_at // DAY_SECONDS


def _digest(plays: Sequence[Play]) -> str:
    identities = sorted(f"{play.listened_at} {play.track.track_id}" for play in plays)
    return hashlib.blake2b("\n".join(identities).encode(), digest_size=6).hexdigest()
