"""Cadence: how often a connection is crawled, so that its provider's history does not overflow.

A provider that keeps only the last plays drops older ones between two crawls. Each crawl reports
how full the history was. A full one may have lost plays and raises the cadence to four crawls in
the time it took to fill; a nearly full one doubles it. If no crawl found it half full for three
days, the cadence is halved, down to once a day.

Each crawl also estimates how many days the account could wait for the next one without losing
plays: up to a week if it has been silent, and as long as the history lasts if it is played. While
the provider's budget is too small, crawls are left out accordingly (load_shedding.py).

The thresholds were chosen by simulating listeners (tests/domain/test_cadence_loss.py). Doubling at
a lower fill saves almost no plays, but crawls people who listen in one session a dozen times a day.
"""

import math
from dataclasses import dataclass, replace

from topk.domain.crawl.timetable import DAY_SECONDS, PER_DAY, Cadence

FULL_AGAIN = 4
"""Crawls in the time in which the provider's history was filled."""
FULL = 0.9
"""Some entries may have been unreadable."""
NEARLY_FULL = 0.8
CALM_FILL = 0.4
"""Halving the cadence doubles the fill; twice this value is just below NEARLY_FULL."""
CALM_SECONDS = 3 * DAY_SECONDS
LATE_SECONDS = 2 * 3600
"""A crawl within so long after its turn was not late."""
SILENT_DAYS = 3
LISTENING_DAYS = 3
"""The longest wait of an account that is played, whose list changes every day."""
ROOM = 0.8
"""A longer wait is chosen if the expected plays fill no more of the history."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Maximum crawls a day of a provider, and maximum days between two crawls if its budget is
    too small for one a day.
    """

    most_per_day: int = 24
    least_every_days: int = 7


@dataclass(frozen=True, slots=True)
class CrawlFindings:
    """Observations of a crawl.

    `fill` (0 to 1) is the share of the provider's history that new plays filled, `span` (seconds)
    the time in which they were played. `gap`: some may have been lost. `calm` (seconds) is how long
    every crawl has found few plays, `silent_days` the whole days since the last play.
    """

    fill: float
    span: int
    heard: bool
    gap: bool = False
    calm: int = 0
    silent_days: int = 0

    @property
    def full(self) -> bool:
        return self.gap or self.fill >= FULL


def next_cadence(
    current: Cadence, bounds: Bounds, seen: CrawlFindings, *, short: bool = False
) -> Cadence:
    """The cadence after the observations `seen`; always within `bounds`.

    `short`: the provider's budget is too small. A history that was full because crawls were left
    out then asks for no more crawls than it takes to lose nothing, and the time that a played
    account can wait is only noted then, because noting it costs a write.
    """
    if seen.full:
        return _often(current, _after_full(current, seen, short=short), bounds)
    if fill_in_turn(current, seen) >= NEARLY_FULL:
        return _often(current, _double(current), bounds)
    if current.per_day > 1:
        calmed = seen.calm >= CALM_SECONDS
        return _often(current, _half(current.per_day) if calmed else current.per_day, bounds)
    return replace(current, per_day=1, every_days=_can_wait(current, bounds, seen, short=short))


def _after_full(current: Cadence, seen: CrawlFindings, *, short: bool) -> int:
    histories = DAY_SECONDS / max(seen.span, 1)
    in_turn = seen.span * current.per_day <= DAY_SECONDS * current.every_days + LATE_SECONDS
    if short and not in_turn:
        return max(math.ceil(histories / NEARLY_FULL), current.per_day)
    return max(round(FULL_AGAIN * histories), _double(current))


def _can_wait(current: Cadence, bounds: Bounds, seen: CrawlFindings, *, short: bool) -> int:
    """How many days the next crawl can wait: longer only if there is room, shorter if it must."""
    if not seen.heard and seen.silent_days >= SILENT_DAYS:
        return min(1 + seen.silent_days // SILENT_DAYS, bounds.least_every_days)
    if not short:
        return 1
    a_day = seen.fill * DAY_SECONDS / max(seen.span, 1)
    longest = min(LISTENING_DAYS, bounds.least_every_days)
    if not a_day:
        return longest
    chosen = min(max(current.every_days, math.floor(ROOM / a_day)), math.floor(1 / a_day))
    return max(min(chosen, longest), 1)


def fill_in_turn(current: Cadence, seen: CrawlFindings) -> float:
    """The fill of a crawl on schedule; a late crawl found more."""
    turn = DAY_SECONDS * current.every_days / current.per_day
    return seen.fill * min(1.0, turn / max(seen.span, 1))


def _often(current: Cadence, per_day: int, bounds: Bounds) -> Cadence:
    """At least `per_day` evenly spaced crawls a day, within `bounds`."""
    allowed = [one for one in PER_DAY if one <= bounds.most_per_day]
    found = next((one for one in allowed if one >= per_day), allowed[-1])
    return replace(current, per_day=found, every_days=1)


def _double(current: Cadence) -> int:
    return 2 * current.per_day if current.every_days == 1 else 1


def _half(per_day: int) -> int:
    return max(one for one in PER_DAY if one <= max(per_day // 2, 1))
