"""Cadence: how often a connection is crawled, so that its provider's history does not overflow.

A provider that keeps only the last plays drops older ones between two crawls. Each crawl reports
how full the history was. A full one may have lost plays and raises the cadence to four crawls in
the time it took to fill; a nearly full one doubles it. If no crawl found it half full for three
days, the cadence is halved, down to once a day. An account without plays is then crawled every few
days, until the first new play.

The thresholds were chosen by simulating listeners (tests/domain/test_cadence_loss.py). Doubling at
a lower fill saves almost no plays, but crawls people who listen in one session a dozen times a day.
"""

from dataclasses import dataclass

from topk.domain.crawl.timetable import DAY_SECONDS, PER_DAY, Cadence

FULL_AGAIN = 4
"""Crawls in the time in which the provider's history was filled."""
FULL = 0.9
"""Some entries may have been unreadable."""
NEARLY_FULL = 0.8
CALM_FILL = 0.4
"""Halving the cadence doubles the fill; twice this value is just below NEARLY_FULL."""
CALM_SECONDS = 3 * DAY_SECONDS
SILENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """Maximum crawls a day, and maximum days between two crawls, of a provider."""

    most_per_day: int = 24
    least_every_days: int = 4


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


def next_cadence(current: Cadence, bounds: Bounds, seen: CrawlFindings) -> Cadence:
    """The cadence after the observations `seen`; always within `bounds`."""
    if seen.full:
        wanted = round(FULL_AGAIN * DAY_SECONDS / max(seen.span, 1))
        return _often(max(wanted, _double(current)), bounds)
    if fill_in_turn(current, seen) >= NEARLY_FULL:
        return _often(_double(current), bounds)
    if current.per_day > 1:
        calmed = seen.calm >= CALM_SECONDS
        return _often(_half(current.per_day) if calmed else current.per_day, bounds)
    if seen.heard or seen.silent_days < SILENT_DAYS:
        return _often(1, bounds)
    return Cadence(every_days=min(1 + seen.silent_days // SILENT_DAYS, bounds.least_every_days))


def fill_in_turn(current: Cadence, seen: CrawlFindings) -> float:
    """The fill of a crawl on schedule; a late crawl found more."""
    turn = DAY_SECONDS * current.every_days / current.per_day
    return seen.fill * min(1.0, turn / max(seen.span, 1))


def _often(per_day: int, bounds: Bounds) -> Cadence:
    """At least `per_day` evenly spaced crawls a day, within `bounds`."""
    allowed = [one for one in PER_DAY if one <= bounds.most_per_day]
    return Cadence(per_day=next((one for one in allowed if one >= per_day), allowed[-1]))


def _double(current: Cadence) -> int:
    return 2 * current.per_day if current.every_days == 1 else 1


def _half(per_day: int) -> int:
    return max(one for one in PER_DAY if one <= max(per_day // 2, 1))
