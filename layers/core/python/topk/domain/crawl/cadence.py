"""How often a connection is crawled: so often that what its provider remembers does not run full.

A provider that keeps the last so many plays loses what is pushed out between two crawls. Each
crawl says how full it found that memory. A full one may have lost plays, and raises the cadence at
once to four crawls in the time it took to fill; one nearly full doubles it. Where for three days no
crawl found it half full, the cadence is halved, down to once a day; an account on which nothing is
played is then crawled every few days, until the first new play.

The thresholds were chosen by simulating listeners (tests/domain/test_cadence_loss.py). Doubling at
a lower fill saves next to no play, since the plays between two crawls are bounded by the time there
is to hear them, but crawls those who listen in one sitting a dozen times a day.
"""

from dataclasses import dataclass

from topk.domain.crawl.timetable import DAY_SECONDS, PER_DAY, Cadence

FULL_AGAIN = 4
"""How many crawls are made in the time in which the provider's memory was filled."""
FULL = 0.9
"""Some entries may have been unreadable."""
NEARLY_FULL = 0.8
CALM_FILL = 0.4
"""Halved cadences double the fill; twice this is just not nearly full."""
CALM_SECONDS = 3 * DAY_SECONDS
SILENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most crawls a day, and the most days between two, that a provider is given."""

    most_per_day: int = 24
    least_every_days: int = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """What a crawl saw of its listener.

    `fill` (0 to 1) is the share of the provider's memory that new plays took, `span` (seconds) the
    time in which they were played. `gap` says that some may have been lost. `calm` (seconds) is for
    how long every crawl found little, `silent_days` the whole days since anything was played.
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


def next_cadence(current: Cadence, bounds: Bounds, seen: Seen) -> Cadence:
    """The cadence after a crawl that saw `seen`; always within `bounds`."""
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


def fill_in_turn(current: Cadence, seen: Seen) -> float:
    """The fill that a crawl in its turn finds: one that came late found more than that."""
    turn = DAY_SECONDS * current.every_days / current.per_day
    return seen.fill * min(1.0, turn / max(seen.span, 1))


def _often(per_day: int, bounds: Bounds) -> Cadence:
    """At least `per_day` crawls a day, evenly apart, as far as `bounds` allow."""
    allowed = [one for one in PER_DAY if one <= bounds.most_per_day]
    return Cadence(per_day=next((one for one in allowed if one >= per_day), allowed[-1]))


def _double(current: Cadence) -> int:
    return 2 * current.per_day if current.every_days == 1 else 1


def _half(per_day: int) -> int:
    return max(one for one in PER_DAY if one <= max(per_day // 2, 1))
