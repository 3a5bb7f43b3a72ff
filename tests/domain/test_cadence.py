"""The cadence adapts to what crawls find, within its bounds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY
from topk.domain.crawl.cadence import CALM_SECONDS, Bounds, CrawlFindings, next_cadence
from topk.domain.crawl.timetable import DAILY, PER_DAY, Cadence

HOUR = 3600
BOUNDS = Bounds()
LITTLE = CrawlFindings(fill=0.1, span=DAY, heard=True)
NOTHING = CrawlFindings(fill=0, span=DAY, heard=False)

_bounds = st.builds(Bounds, st.integers(1, 24), st.integers(1, 7))
_seen = st.builds(
    CrawlFindings,
    fill=st.floats(0, 1),
    span=st.integers(0, 10 * DAY),
    heard=st.booleans(),
    gap=st.booleans(),
    calm=st.integers(0, 10 * DAY),
    silent_days=st.integers(0, 400),
)
_cadences = st.one_of(
    st.sampled_from(PER_DAY).map(Cadence), st.integers(2, 7).map(lambda n: Cadence(every_days=n))
)


@given(_cadences, _bounds, _seen)
def test_stays_within_its_bounds_and_divides_the_day(
    current: Cadence, bounds: Bounds, seen: CrawlFindings
) -> None:
    found = next_cadence(current, bounds, seen)
    assert found.per_day in PER_DAY
    assert found.per_day <= bounds.most_per_day
    assert found.every_days <= bounds.least_every_days
    assert 1 in (found.per_day, found.every_days)


@given(_cadences, _seen, st.floats(0, 1))
def test_a_fuller_page_never_lowers_the_cadence(
    current: Cadence, seen: CrawlFindings, more: float
) -> None:
    fuller = replace(seen, fill=max(seen.fill, more), heard=True, silent_days=0, calm=0)
    before, after = (next_cadence(current, BOUNDS, one) for one in (seen, fuller))
    assert after.per_day / after.every_days >= before.per_day / before.every_days


@pytest.mark.parametrize(
    ("current", "span", "expected"),
    [
        (DAILY, DAY, Cadence(4)),
        (Cadence(2), DAY // 2, Cadence(8)),
        (Cadence(6), 4 * HOUR, Cadence(24)),
        (Cadence(24), HOUR, Cadence(24)),
        (Cadence(every_days=4), 4 * DAY, DAILY),
        (Cadence(every_days=2), 2 * DAY, Cadence(2)),
    ],
)
def test_a_gap_quadruples_the_cadence_at_once(
    current: Cadence, span: int, expected: Cadence
) -> None:
    assert next_cadence(current, BOUNDS, CrawlFindings(1.0, span, heard=True, gap=True)) == expected


def test_a_gap_raises_the_cadence_even_after_a_late_crawl() -> None:
    assert next_cadence(
        DAILY, BOUNDS, CrawlFindings(1.0, 5 * DAY, heard=True, gap=True)
    ) == Cadence(2)


def test_a_first_page_filled_within_hours_sets_the_cadence() -> None:
    assert next_cadence(DAILY, BOUNDS, CrawlFindings(1.0, 12 * HOUR, heard=True)) == Cadence(8)
    assert next_cadence(DAILY, BOUNDS, CrawlFindings(1.0, 5 * HOUR, heard=True)) == Cadence(24)
    unreadable = CrawlFindings(0.9, 12 * HOUR, heard=True)
    assert next_cadence(DAILY, BOUNDS, unreadable) == Cadence(8)


def test_a_nearly_full_page_doubles_the_cadence_and_a_half_full_one_keeps_it() -> None:
    assert next_cadence(DAILY, BOUNDS, CrawlFindings(0.8, DAY, heard=True)) == Cadence(2)
    assert next_cadence(Cadence(8), BOUNDS, CrawlFindings(0.85, 3 * HOUR, heard=True)) == Cadence(
        24
    )
    assert next_cadence(DAILY, BOUNDS, CrawlFindings(0.79, DAY, heard=True)) == DAILY


def test_a_full_page_after_days_of_delay_does_not_raise_the_cadence() -> None:
    assert next_cadence(DAILY, BOUNDS, CrawlFindings(0.85, 3 * DAY, heard=True)) == DAILY
    assert next_cadence(Cadence(2), BOUNDS, CrawlFindings(0.85, DAY, heard=True)) == Cadence(2)


def test_three_quiet_days_halve_the_cadence_down_to_once_a_day() -> None:
    calm = replace(LITTLE, calm=CALM_SECONDS)
    steps = [Cadence(24)]
    while steps[-1] != DAILY:
        steps.append(next_cadence(steps[-1], BOUNDS, calm))
    assert [step.per_day for step in steps] == [24, 12, 6, 3, 1]
    assert next_cadence(Cadence(24), BOUNDS, replace(calm, calm=CALM_SECONDS - 1)) == Cadence(24)


@pytest.mark.parametrize(
    ("silent_days", "every_days"), [(0, 1), (2, 1), (3, 2), (5, 2), (6, 3), (9, 4), (400, 7)]
)
def test_a_silent_account_can_wait_for_days(silent_days: int, every_days: int) -> None:
    seen = replace(NOTHING, silent_days=silent_days)
    assert next_cadence(DAILY, BOUNDS, seen) == Cadence(every_days=every_days)
    assert next_cadence(Cadence(every_days=4), BOUNDS, seen).every_days == every_days


def test_the_first_new_play_restores_daily_crawls_even_if_it_is_old() -> None:
    heard = CrawlFindings(0.02, 4 * DAY, heard=True, silent_days=30)
    assert next_cadence(Cadence(every_days=4), BOUNDS, heard) == DAILY


def test_a_busy_account_that_goes_silent_slows_down_step_by_step() -> None:
    seen = replace(NOTHING, silent_days=5, calm=CALM_SECONDS)
    assert next_cadence(Cadence(12), BOUNDS, seen) == Cadence(6)
