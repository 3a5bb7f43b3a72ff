"""A provider limits the whole app for 20 hours, or fails for two, in virtual time."""

from bisect import bisect_left
from collections.abc import Iterator

import pytest

from tests.fakes import DAY, NOON
from tests.usecases.crawling_days import CrawlingDays
from topk.domain.crawl.breaker import FAILURES, LONGEST_PAUSE_SECONDS, SEVERAL
from topk.domain.crawl.budget import BURST_SECONDS, HELD_SECONDS, Budget
from topk.domain.errors import RateLimitedError, TopkError, TransientError

USERS = 600
NEW = 20
HOURS_20 = 72_000
BEGIN = NOON + 7200
OTHERS = ("apple_music", "youtube")
OVER = BEGIN + HOURS_20
RATE = 0.25
STANDING = 0.9 * RATE


def _due(number: int, day: int) -> int:
    return NOON + day * DAY + number * DAY // USERS


def _world() -> CrawlingDays:
    """Two days of many users, each with three accounts crawled once a day."""
    days = CrawlingDays({name: Budget(RATE) for name in ("spotify", *OTHERS)})
    for number in range(USERS):
        for provider in days.budgets_of:
            days.connect(f"user-{number}", provider)
            for day in range(2):
                days.ask(f"user-{number}", provider, _due(number, day))
    return days


def _limited(_user: str, now: int) -> TopkError | None:
    """Answers every request within the 20 hours with the remaining limit."""
    return RateLimitedError(OVER - now) if BEGIN <= now < OVER else None


@pytest.fixture(scope="module")
def limited() -> Iterator[CrawlingDays]:
    """The state after two days in which others connected while Spotify was limited."""
    with _world() as days:
        days.behaves["spotify"] = _limited
        for number in range(NEW):
            days.connect(f"new-{number}", "spotify")
            days.ask(f"new-{number}", "spotify", BEGIN + 600 + number * 3000, "connect")
        days.run()
        yield days


def test_no_request_goes_out_before_the_limit_is_over(limited: CrawlingDays) -> None:
    refused = [at for at in limited.requests["spotify"] if BEGIN <= at < OVER]
    assert len(refused) == SEVERAL


def test_the_backlog_drains_within_the_budget(limited: CrawlingDays) -> None:
    requests = limited.requests["spotify"]
    for seconds in (1, 10, 30, 600):
        most = RATE * (seconds + BURST_SECONDS + HELD_SECONDS) + 1
        for at in range(OVER, OVER + DAY, seconds):
            within = bisect_left(requests, at + seconds) - bisect_left(requests, at)
            assert within <= most, (at - OVER, seconds)


def test_the_backlog_drains_as_fast_as_the_budget_allows(limited: CrawlingDays) -> None:
    requests = limited.requests["spotify"]
    backlog = HOURS_20 * USERS // DAY
    drained = OVER + int(backlog / STANDING) + 600
    assert bisect_left(requests, drained) - bisect_left(requests, OVER) >= backlog


def test_every_connection_is_crawled_after_its_last_due_time(limited: CrawlingDays) -> None:
    for number in range(USERS):
        assert limited.crawled["spotify", f"user-{number}"][-1] >= _due(number, 1)
    assert limited.dead_lettered == []


def test_the_longest_waiting_crawls_start_first(limited: CrawlingDays) -> None:
    waited = [n for n in range(0, USERS, 20) if BEGIN + 600 < _due(n, 0) < OVER]
    done = [limited.crawled["spotify", f"user-{n}"][0] for n in waited]
    assert done == sorted(done)
    assert done[0] >= OVER


def test_other_providers_are_not_delayed(limited: CrawlingDays) -> None:
    for provider in OTHERS:
        due = sorted(_due(number, day) for day in range(2) for number in range(USERS))
        assert limited.requests[provider] == due


def test_new_connections_pass_the_backlog(limited: CrawlingDays) -> None:
    slowest = OVER + 60 + int(NEW / (RATE - STANDING))
    for number in range(NEW):
        (crawled,) = limited.crawled["spotify", f"new-{number}"]
        assert OVER <= crawled <= slowest


def test_waiting_costs_a_message_per_quarter_hour_and_one_booking(
    limited: CrawlingDays,
) -> None:
    longest = HOURS_20 + HOURS_20 * USERS / DAY / STANDING
    assert max(limited.sent.values()) <= longest / 900 + 5
    assert limited.budgets.bookings <= 1.1 * (3 * 2 * USERS + NEW)


def test_hourly_connections_are_not_crawled_twenty_times_after_the_limit() -> None:
    with CrawlingDays({"spotify": Budget(1)}) as days:
        users, hours = 20, 26
        for number in range(users):
            days.connect(f"user-{number}", "spotify")
            for hour in range(hours):
                days.ask(f"user-{number}", "spotify", NOON + hour * 3600 + number * 180)
        days.behaves["spotify"] = _limited
        days.run()
        for number in range(users):
            crawled = days.crawled["spotify", f"user-{number}"]
            after = [at for at in crawled if at >= OVER]
            assert after[-1] >= NOON + (hours - 1) * 3600 + number * 180
            assert len(after) <= 1 + hours - (OVER - NOON) // 3600


BAD = "user-60"


@pytest.fixture(scope="module")
def failing() -> Iterator[CrawlingDays]:
    """The state after two days; Spotify failed for two hours, and always for one user."""

    def behaves(user: str, now: int) -> TopkError | None:
        down = BEGIN <= now < BEGIN + 7200 or user == BAD
        return TransientError("502") if down else None

    with _world() as days:
        days.behaves["spotify"] = behaves
        days.run()
        yield days


def test_a_failing_provider_gets_only_probes(failing: CrawlingDays) -> None:
    asked = [at for at in failing.requests["spotify"] if BEGIN <= at < BEGIN + 7200]
    assert len(asked) <= 2 * FAILURES + 7200 // LONGEST_PAUSE_SECONDS + 6


def test_crawls_resume_soon_after_the_provider_recovers(failing: CrawlingDays) -> None:
    first = next(at for at in failing.requests["spotify"] if at >= BEGIN + 7200)
    assert first <= BEGIN + 7200 + LONGEST_PAUSE_SECONDS + DAY // USERS
    assert not failing.is_open("spotify")


def test_no_crawl_is_dropped_during_an_outage(failing: CrawlingDays) -> None:
    for number in range(USERS):
        crawls = len(failing.crawled["spotify", f"user-{number}"])
        assert crawls == (0 if f"user-{number}" == BAD else 2)


def test_one_bad_connection_is_dead_lettered_and_delays_no_other(
    failing: CrawlingDays,
) -> None:
    assert failing.dead_lettered == ["provider_unavailable: 502"] * 2
