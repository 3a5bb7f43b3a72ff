"""A breaker: opens on a limit or on failures, lets one crawl probe, and closes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON
from topk.domain.crawl.breaker import (
    FAILURES,
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    PROBE_SECONDS,
    SEVERAL,
    BatchResults,
    Breaker,
    State,
)

HOURS_20 = 72_000
LIMITED = BatchResults(answered=3, retry_after=HOURS_20, limited=SEVERAL)
ANSWERED, FAILED, SILENT = BatchResults(answered=1), BatchResults(failed=1), BatchResults()
CLOSED = Breaker()
SEEN = st.builds(
    BatchResults,
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(1, 86_400),
    st.integers(0, 6),
)
BREAKERS = st.builds(
    Breaker,
    st.sampled_from(State),
    st.integers(NOON - 90_000, NOON + 90_000),
    st.integers(0, FAILURES - 1),
    st.integers(0, 40),
    st.integers(0, 9),
    st.integers(0, 9),
)


def test_a_limit_opens_it_for_exactly_as_long_as_the_provider_says() -> None:
    opened = CLOSED.after(LIMITED, NOON)
    assert (opened.state, opened.until) == (State.OPEN, NOON + HOURS_20)
    assert opened.earliest(NOON) == NOON + HOURS_20
    assert not opened.may_probe(NOON + HOURS_20 - 1)
    assert opened.may_probe(NOON + HOURS_20)


def test_one_users_long_limit_shuts_nobody_else_out() -> None:
    """Which may be 20 hours, in a batch with others or alone, and while the breaker is open."""
    lonely = BatchResults(retry_after=HOURS_20, limited=1)
    assert CLOSED.after(replace(lonely, answered=49), NOON) == CLOSED
    assert CLOSED.after(lonely, NOON).closed
    failing = CLOSED.after(BatchResults(failed=FAILURES), NOON)
    assert failing.after(lonely, NOON) == failing
    probed = failing.probing(NOON + 30).after(lonely, NOON + 30)
    assert probed.until <= NOON + 30 + LONGEST_PAUSE_SECONDS


def test_a_limit_that_several_users_meet_one_after_the_other_is_the_apps() -> None:
    breaker = CLOSED
    for _ in range(SEVERAL - 1):
        breaker = breaker.after(BatchResults(retry_after=HOURS_20, limited=1), NOON)
        assert breaker.closed
    opened = breaker.after(BatchResults(retry_after=HOURS_20, limited=1), NOON)
    assert (opened.state, opened.until) == (State.OPEN, NOON + HOURS_20)
    answered = breaker.after(ANSWERED, NOON)
    assert answered.after(BatchResults(retry_after=HOURS_20, limited=1), NOON).closed


def test_a_batch_that_mostly_failed_opens_it() -> None:
    opened = CLOSED.after(BatchResults(answered=4, failed=FAILURES), NOON)
    assert (opened.state, opened.until) == (State.OPEN, NOON + FIRST_PAUSE_SECONDS)


def test_failures_of_small_batches_add_up_until_one_succeeds() -> None:
    breaker = CLOSED
    for _ in range(FAILURES - 1):
        breaker = breaker.after(FAILED, NOON)
    assert breaker.closed
    assert breaker.after(FAILED, NOON).state is State.OPEN
    assert breaker.after(ANSWERED, NOON) == CLOSED


def test_a_few_failures_among_many_successes_do_not_open_it() -> None:
    assert CLOSED.after(BatchResults(answered=30, failed=20), NOON) == CLOSED


def test_one_crawl_probes_and_its_success_closes_it() -> None:
    probing = CLOSED.after(LIMITED, NOON).probing(NOON + HOURS_20)
    assert not probing.may_probe(NOON + HOURS_20 + PROBE_SECONDS - 1)
    assert probing.after(ANSWERED, NOON + HOURS_20) == CLOSED


def test_a_failed_probe_lengthens_the_pause_up_to_a_maximum() -> None:
    breaker, now, pauses = CLOSED.after(BatchResults(failed=FAILURES), NOON), NOON, []
    for _ in range(8):
        pauses.append(breaker.until - now)
        now = breaker.until
        breaker = breaker.probing(now).after(FAILED, now)
    assert pauses == [30, 60, 120, 240, 480, 900, 900, 900]
    assert breaker.probing(now).after(ANSWERED, now) == CLOSED


@pytest.mark.parametrize(("named", "kept"), [(5, 60), (HOURS_20, HOURS_20)])
def test_a_rate_limited_probe_waits_for_the_longer_pause(named: int, kept: int) -> None:
    probing = CLOSED.after(BatchResults(failed=FAILURES), NOON).probing(NOON + 30)
    again = probing.after(BatchResults(retry_after=named, limited=SEVERAL), NOON + 30)
    assert again.until == NOON + 30 + kept


def test_an_inconclusive_probe_is_followed_by_another() -> None:
    probing = CLOSED.after(LIMITED, NOON).probing(NOON + HOURS_20)
    after = probing.after(SILENT, NOON + HOURS_20 + 5)
    assert (after.state, after.trips) == (State.OPEN, probing.trips)
    assert after.may_probe(NOON + HOURS_20 + 5)


def test_a_lost_probe_is_followed_by_another() -> None:
    probing = CLOSED.after(LIMITED, NOON).probing(NOON + HOURS_20)
    assert probing.may_probe(NOON + HOURS_20 + PROBE_SECONDS)


@given(BREAKERS, SEEN, st.integers(NOON, NOON + 90_000))
def test_an_open_breaker_never_reopens_earlier_and_closes_only_by_a_probe(
    breaker: Breaker, seen: BatchResults, now: int
) -> None:
    after = breaker.after(seen, now)
    if breaker.state is State.OPEN:
        assert after.state is State.OPEN
        assert after.until >= breaker.until
    if breaker.state is State.CLOSED:
        assert after.state is not State.PROBING
    assert after.version == breaker.version


@given(BREAKERS, SEEN, st.integers(NOON, NOON + 90_000))
def test_no_limit_is_ever_cut_short(breaker: Breaker, seen: BatchResults, now: int) -> None:
    if seen.limited >= SEVERAL and seen.retry_after is not None:
        after = breaker.after(seen, now)
        assert not after.may_probe(now + seen.retry_after - 1)
        assert after.earliest(now) >= now + seen.retry_after


@given(BREAKERS, st.lists(SEEN, max_size=12))
def test_every_own_pause_is_bounded_and_ends_in_a_probe(
    breaker: Breaker, seen: list[BatchResults]
) -> None:
    now = NOON
    for one in seen:
        before, breaker = breaker, breaker.after(one, now)
        if breaker.closed:
            continue
        if before.state is not State.OPEN:
            assert breaker.until - now <= max(LONGEST_PAUSE_SECONDS, one.retry_after or 0)
        now = max(now, breaker.until)
        assert breaker.may_probe(now)
        breaker = breaker.probing(now)


@given(BREAKERS, st.integers(NOON, NOON + 90_000))
def test_no_crawl_is_sent_before_the_earliest_time(breaker: Breaker, now: int) -> None:
    assert breaker.earliest(now) >= now
    assert breaker.closed or breaker.earliest(now) >= breaker.until
