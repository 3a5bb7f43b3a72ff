"""Plays lost at a provider that keeps 50, with the adaptive cadence."""

import random
from bisect import bisect_right
from dataclasses import dataclass

import pytest

from tests.fakes import ANNA, DAY, connection, play
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.checkpoint import after_crawl
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.timetable import Grid
from topk.domain.play import Precision

KEPT = 50
BEFORE, DAYS = 10, 21
"""Days of listening before the account is connected, and in total."""
GRID = Grid()


@dataclass
class Week:
    """Sums over many listeners."""

    played: int = 0
    lost: int = 0
    crawls: int = 0
    listeners: int = 0

    @property
    def crawls_a_day(self) -> float:
        return self.crawls / self.listeners / (DAYS - BEFORE)


def _listen(dice: random.Random, per_day: int, sessions: tuple[int, int]) -> list[int]:
    """End times of back-to-back songs of 2.5 to 4.5 minutes, in sessions from 7:00 to 23:30."""
    ended: list[int] = []
    at = 0.0
    for day in range(DAYS):
        plays = round(per_day * dice.uniform(0.7, 1.3))
        starts = sorted(
            DAY * day + 3600 * dice.uniform(7, 23.5) for _ in range(dice.randint(*sessions))
        )
        for number, start in enumerate(starts):
            at = max(at, start)
            for _ in range(plays // len(starts) + (number < plays % len(starts))):
                at += dice.uniform(150, 270)
                ended.append(int(at))
    return ended


def _follow(ended: list[int], seed: int, bounds: Bounds, week: Week) -> None:
    """Crawls one listener in the timetable's slots from day BEFORE to the end."""
    capabilities = Capabilities(KEPT, Precision.END)
    owner_key = f"{ANNA.key}-{seed}"
    one = connection(connected_at=BEFORE * DAY + seed * 977 % DAY)
    now, known = one.connected_at, 0
    while now < DAYS * DAY:
        shown = ended[max(bisect_right(ended, now) - KEPT, 0) : bisect_right(ended, now)]
        new = [at for at in shown if at > one.crawled_through]
        gap = one.crawled_through if one.crawled_through and len(new) == KEPT else None
        recent = new if one.crawled_through else [at for at in new if at > now - DAY]
        plays = tuple(play("Dawn", at, precision=Precision.END) for at in new)
        fetched = Fetched(plays, "+", now, gap_since=gap, fill=len(recent) / KEPT)
        one = after_crawl(one, fetched, capabilities=capabilities, bounds=bounds, now=now)
        week.crawls += 1
        known += len([at for at in new if at > BEFORE * DAY + DAY])
        entries = GRID.entries(owner_key, "spotify", one.cadence)
        now = min(
            DAY * day + 60 * entry.minute
            for entry in entries
            for day in range(now // DAY, now // DAY + 2)
            if DAY * day + 60 * entry.minute > now
        )
    played = [at for at in ended if BEFORE * DAY + DAY < at <= one.crawled_through]
    week.played += len(played)
    week.lost += len(played) - known
    week.listeners += 1


def _lived(per_day: int, sessions: tuple[int, int], bounds: Bounds, listeners: int = 30) -> Week:
    week = Week()
    for seed in range(listeners):
        _follow(_listen(random.Random(seed), per_day, sessions), seed, bounds, week)
    return week


@pytest.mark.parametrize("sessions", [(1, 1), (2, 3), (2, 6)])
def test_heavy_listeners_lose_under_one_percent_from_the_day_after_they_connect(
    sessions: tuple[int, int],
) -> None:
    week = _lived(200, sessions, Bounds())
    assert week.lost / week.played < 0.01


def test_heavy_listeners_crawled_once_a_day_lose_most_plays() -> None:
    week = _lived(200, (2, 6), Bounds(most_per_day=1), listeners=10)
    assert week.lost / week.played > 0.7


def test_typical_listeners_are_crawled_once_or_twice_a_day_and_lose_almost_nothing() -> None:
    week = _lived(30, (1, 5), Bounds())
    assert week.crawls_a_day < 2
    assert week.lost / week.played < 0.01


def test_light_listeners_are_crawled_once_a_day() -> None:
    assert _lived(10, (1, 3), Bounds()).crawls_a_day < 1.1


def test_inactive_listeners_are_crawled_once_a_day_while_the_budget_suffices() -> None:
    assert _lived(0, (1, 1), Bounds()).crawls_a_day < 1.1
