"""The seven complete days that a top list covers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from topk.domain.errors import InvalidRequestError
from topk.domain.limits import LONGEST_TIME_ZONE

DAYS = 7
_NO_ZONES = ("Factory", "localtime", "posix", "right/")
"""Files beside the zones: the machine's own, none at all, and copies with other leap seconds."""


def zone(name: str) -> ZoneInfo:
    """The IANA time zone `name`. Raises InvalidRequestError if it does not exist."""
    if len(name) > LONGEST_TIME_ZONE or name.startswith(_NO_ZONES):
        raise InvalidRequestError("time_zone", "is not an IANA time zone name")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidRequestError("time_zone", "is not an IANA time zone name") from error


@dataclass(frozen=True, slots=True)
class Window:
    """Complete local days: `start` inclusive, `end` exclusive (epoch seconds).

    `as_of` is the local day on which the window is current, the day after its last one.
    """

    as_of: date
    time_zone: str
    bounds: tuple[int, ...]
    """Start of each day and end of the last one, in epoch seconds."""

    @property
    def start(self) -> int:
        return self.bounds[0]

    @property
    def end(self) -> int:
        return self.bounds[-1]

    @classmethod
    def current(cls, now: int, time_zone: str = "UTC") -> Self:
        """The window that is current at `now` (epoch seconds)."""
        today = datetime.fromtimestamp(now, UTC).astimezone(zone(time_zone)).date()
        return cls.ending(today, time_zone)

    @classmethod
    def ending(cls, as_of: date, time_zone: str = "UTC") -> Self:
        """The window of the complete days before `as_of`.

        A day lasts from local midnight to local midnight, 23 or 25 hours where the clocks change.
        """
        return cls(as_of, time_zone, _bounds(as_of, time_zone))

    def calendar_week(self, weeks: int) -> Self:
        """A whole week, Monday to Sunday: for 1 the last that was over when this window began.

        For more, that many weeks back; for 0 the one in which it began. It is the same for all
        windows that begin in one week.
        """
        monday = last_week_before(self.as_of) - timedelta(weeks=weeks - 1)
        return self.ending(monday, self.time_zone)

    @property
    def is_calendar_week(self) -> bool:
        return self.as_of.weekday() == 0

    def __contains__(self, moment: int) -> bool:
        return self.start <= moment < self.end


def last_week_before(as_of: date) -> date:
    """The Monday after the last whole week that was over when the window of `as_of` began."""
    first = as_of - timedelta(days=DAYS)
    return first - timedelta(days=first.weekday())


@lru_cache(maxsize=1024)
def _bounds(as_of: date, time_zone: str) -> tuple[int, ...]:
    local = zone(time_zone)
    days = (as_of - timedelta(days=back) for back in range(DAYS, -1, -1))
    return tuple(int(datetime.combine(day, time(), local).timestamp()) for day in days)
