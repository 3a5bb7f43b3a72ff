"""Crawls are compared with pushes, and are rarer while the two agree."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, DAY, NOON, connection, play
from topk.domain.chunk import is_pushed, pushed
from topk.domain.crawl.cadence import NEARLY_FULL
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.push_coverage import (
    DISCOVERY_DAYS,
    LEAST_PLAYS,
    NOTICED_DAYS,
    SILENT_SECONDS,
    WAIT_DAYS,
    Comparison,
    after_comparison,
    compare,
    covered,
    is_compared,
    may_wait,
    pushed_plays,
    without_gap,
)
from topk.domain.crawl.timetable import Cadence
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision

AGREEING = Comparison(both=20, seconds=2 * DAY)
DIFFERING = Comparison(both=10, only_crawled=10)
_numbers = st.integers(0, 200)
_comparisons = st.builds(
    Comparison, _numbers, _numbers, _numbers, st.integers(1, 10 * DAY), st.booleans()
)
_depths = st.one_of(st.none(), st.integers(10, 200))
TIMED, UNTIMED = Capabilities(50, Precision.END), Capabilities(50, Precision.INFERRED)


def _listened(number: int, seed: int = 0) -> tuple[list[Play], list[Play]]:
    """One listening, as a provider that stamps ends and a player that stamps starts report it."""
    dice, at = Random(seed), NOON - DAY
    ends, starts = [], []
    for turn in range(number):
        title = f"Song {dice.randint(1, 12)} {turn % 3}"
        ends.append(play(title, at + 200, precision=Precision.END))
        starts.append(play(title, at, provider="scrobbler"))
        at += 200 + dice.randint(0, 400)
    return ends, starts


@given(
    st.integers(1, 60),
    st.integers(0, 9),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_each_play_is_counted_on_the_sides_that_report_it(
    number: int, seed: int, dice: Random, data: st.DataObject
) -> None:
    ends, starts = _listened(number, seed)
    lost = data.draw(st.sets(st.integers(0, number - 1)))
    unseen = data.draw(st.sets(st.integers(0, number - 1)))
    crawled = [one for at, one in enumerate(ends) if at not in unseen]
    brought = [one for at, one in enumerate(starts) if at not in lost]
    shuffled = [*brought, *brought[::2]]
    dice.shuffle(shuffled)
    found = compare(crawled, shuffled, since=NOON - DAY, until=NOON + DAY)
    expected = (
        number - len(lost | unseen),
        len(lost - unseen),
        len(unseen - lost),
    )
    assert (found.both, found.only_crawled, found.only_pushed) == expected


def test_only_plays_of_the_compared_time_are_counted() -> None:
    ends, starts = _listened(40)
    begins = [one.started_at for one in ends]
    found = compare(ends, starts, since=begins[10], until=begins[30])
    assert (found.both, found.only_crawled, found.only_pushed) == (20, 0, 0)
    assert found.continues
    assert not compare(ends, starts[12:], since=begins[10], until=begins[30]).continues


@given(st.lists(_comparisons, max_size=12), _depths)
def test_waits_grow_one_step_at_a_time_and_end_with_a_difference(
    compared: list[Comparison], depth: int | None
) -> None:
    one = connection(crawled_through=NOON, cadence=Cadence(per_day=4))
    for turn, found in enumerate(compared):
        before, one = one, after_comparison(one, found, depth=depth, now=NOON + turn)
        assert 0 <= one.push_agreed <= min(before.push_agreed + 1, len(WAIT_DAYS) - 1)
        if found.differs:
            assert (one.push_agreed, one.pulled_at) == (0, 0)
        if one.push_agreed > before.push_agreed:
            assert found.agrees
            assert one.cadence == Cadence(pulled_every=WAIT_DAYS[one.push_agreed])
        waits = may_wait(one, now=NOON + turn + WAIT_DAYS[-1] * DAY)
        assert not waits, "a week is the longest wait"


@given(_comparisons, st.integers(10, 200))
def test_a_history_that_could_overflow_is_crawled_as_before(found: Comparison, depth: int) -> None:
    a_day = found.crawled * DAY / found.seconds
    days = found.most_days(depth)
    if a_day * NOTICED_DAYS > NEARLY_FULL * depth + 1e-6:
        assert days == 0
    if found.only_pushed > found.both:
        assert days == 0 or a_day * min(days, WAIT_DAYS[-1]) <= NEARLY_FULL * depth + 1e-6
    assert found.most_days(None) == WAIT_DAYS[-1]


def test_an_agreeing_account_is_crawled_after_two_four_and_seven_days() -> None:
    one, waits = connection(crawled_through=NOON), []
    for _ in range(5):
        one = after_comparison(one, AGREEING, depth=50, now=NOON)
        waits.append(next(day for day in range(9) if not may_wait(one, now=NOON + day * DAY)))
    assert waits == [2, 4, 7, 7, 7]
    one = after_comparison(one, DIFFERING, depth=50, now=NOON)
    assert not may_wait(one, now=NOON + 1)


def test_too_few_plays_change_nothing() -> None:
    few = Comparison(both=LEAST_PLAYS - 1)
    assert after_comparison(connection(), few, depth=50, now=NOON) == connection()
    trusted = connection(push_agreed=2, pulled_at=NOON - 4 * DAY)
    after = after_comparison(trusted, few, depth=50, now=NOON)
    assert after == replace(trusted, pulled_at=NOON)


@pytest.mark.parametrize(
    ("age", "is_covered"),
    [(60, True), (SILENT_SECONDS - 1, True), (SILENT_SECONDS, False), (-60, False)],
)
def test_an_account_without_a_recent_push_is_crawled(age: int, is_covered: bool) -> None:
    one = connection(push_agreed=2, crawled_through=NOON - DAY)
    found = covered(one, [play("Dawn", NOON - age, provider="scrobbler")], now=NOON)
    assert (found is not None) == is_covered
    if found:
        assert found == replace(one, crawled_through=NOON)
    assert covered(one, [], now=NOON) is None


def test_a_gap_that_was_pushed_is_none() -> None:
    lost = Fetched((), "+", NOON, gap_since=NOON - DAY, fill=1.0)
    for found in (AGREEING, Comparison(both=20, only_crawled=30, continues=True)):
        shown = without_gap(lost, found)
        assert (shown.gap_since, shown.fill) == (None, 0)
    for unknown in (None, DIFFERING):
        assert without_gap(lost, unknown) == lost


def test_pushes_are_those_of_the_provider_and_of_players() -> None:
    by_player = pushed(ANNA, "scrobbler", [play("Dawn", NOON, provider="scrobbler")])
    by_partner = pushed(ANNA, "partner", [play("Dusk", NOON, provider="partner")])
    crawled = (play("Rain", NOON - 60, provider="partner"),)
    brought = [
        (by_player.fetched_at, by_player.plays),
        (by_partner.fetched_at, by_partner.plays),
        (NOON, crawled),
    ]
    assert is_pushed(*brought[1])
    assert not is_pushed(*brought[2])
    titles = {
        provider: [
            one.track.title
            for one in pushed_plays(brought, connection(provider=provider), scrobbler="scrobbler")
        ]
        for provider in ("partner", "spotify")
    }
    assert titles == {"partner": ["Dawn", "Dusk"], "spotify": ["Dawn"]}


def test_accounts_that_nobody_is_known_to_push_are_compared_once_a_week() -> None:
    for user in "abcdef":
        one = connection(Owner("harbor", user), crawled_through=NOON)
        days = [is_compared(one, TIMED, now=NOON + day * DAY) for day in range(2 * DISCOVERY_DAYS)]
        assert days.count(True) == 2
        assert is_compared(replace(one, push_agreed=1), TIMED, now=NOON)
        assert is_compared(one, replace(TIMED, pushes=True), now=NOON)
        assert not is_compared(replace(one, push_agreed=1), UNTIMED, now=NOON)
