"""The order of a reader's feed, computed once a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

from topk.domain.owner import Owner

NEVER = 0
"""The time of the latest play of a user without one."""


@dataclass(frozen=True, slots=True)
class FeedOrder:
    """`latest` are the times (epoch seconds) of the latest play of each followed user, in the order
    of `follows`, as they were when the reader first looked on `day` (UTC).

    It names nobody: `stamp` is that of the followed users, so that an order of others is noticed,
    and an erased user is in no reader's order.
    """

    day: date
    stamp: bytes
    latest: tuple[int, ...]

    @classmethod
    def of(cls, follows: Sequence[Owner], latest: Mapping[Owner, int], *, now: int) -> "FeedOrder":
        return cls(day_of(now), stamp_of(follows), tuple(latest.get(one, NEVER) for one in follows))

    def covers(self, follows: Sequence[Owner], *, now: int) -> bool:
        """Whether it is of today and of these users."""
        return self.day == day_of(now) and self.stamp == stamp_of(follows)


def day_of(now: int) -> date:
    return datetime.fromtimestamp(now, UTC).date()


def end_of(day: date) -> int:
    """The first second after `day`."""
    return int(datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC).timestamp())


def stamp_of(follows: Sequence[Owner]) -> bytes:
    return blake2b("\n".join(one.user for one in follows).encode(), digest_size=12).digest()
