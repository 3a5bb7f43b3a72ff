"""The days that a top list covers."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from topk.domain.errors import InvalidRequestError
from topk.domain.limits import LONGEST_TIME_ZONE

DAYS = 7
LONGEST_DAYS = 366
"""Days of a year's window in a leap year."""
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


class Span(StrEnum):
    """The length of a window. The names are parameters of the API."""

    TODAY = "today"
    """The day that runs, whose list is provisional."""
    WEEK = "7d"
    FOUR_WEEKS = "4w"
    SIX_MONTHS = "6m"
    YEAR = "1y"

    def begins(self, as_of: date) -> date:
        """The first day of a window of complete days before `as_of`.

        Months and years begin on the same day of the month, or on the last one of a shorter month.
        """
        match self:
            case Span.TODAY:
                return as_of - timedelta(days=1)
            case Span.WEEK:
                return as_of - timedelta(days=DAYS)
            case Span.FOUR_WEEKS:
                return as_of - timedelta(weeks=4)
            case Span.SIX_MONTHS:
                return _months_before(as_of, 6)
            case Span.YEAR:
                return _months_before(as_of, 12)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Window:
    """Complete local days or the day that runs: `start` inclusive, `end` exclusive (epoch seconds).

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

    @property
    def days(self) -> int:
        return len(self.bounds) - 1

    @property
    def first(self) -> date:
        """The first day."""
        return self.as_of - timedelta(days=self.days)

    @classmethod
    def current(cls, now: int, time_zone: str = "UTC") -> Self:
        """The window that is current at `now` (epoch seconds)."""
        return cls.ending(_today(now, time_zone), time_zone)

    @classmethod
    def ending(cls, as_of: date, time_zone: str = "UTC", span: Span = Span.WEEK) -> Self:
        """The window of the complete days before `as_of`.

        A day lasts from local midnight to local midnight, 23 or 25 hours where the clocks change.
        """
        return cls(as_of, time_zone, _bounds(span.begins(as_of), as_of, time_zone))

    @classmethod
    def of(cls, span: Span, now: int, time_zone: str = "UTC") -> Self:
        """The window of `span` at `now` (epoch seconds); that of the day that runs ends with it."""
        today = _today(now, time_zone)
        return cls.ending(today + timedelta(days=span is Span.TODAY), time_zone, span)

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


def _today(now: int, time_zone: str) -> date:
    return datetime.fromtimestamp(now, UTC).astimezone(zone(time_zone)).date()


@lru_cache(maxsize=1024)
def _bounds(first: date, as_of: date, time_zone: str) -> tuple[int, ...]:
    local = zone(time_zone)
    days = (first + timedelta(days=after) for after in range((as_of - first).days + 1))
    return tuple(int(datetime.combine(day, time(), local).timestamp()) for day in days)
