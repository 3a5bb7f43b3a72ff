"""Admission: which crawls start now or wait for a slot, and how a batch updates the breaker."""

from collections.abc import Mapping

import pytest

from tests.fake_budgets import FakeProviderBudgets
from tests.fakes import NOON
from topk.domain.crawl.breaker import FAILURES, PROBE_SECONDS, Breaker, State
from topk.domain.crawl.budget import BURST_SECONDS, HELD_SECONDS, Budget, Lane
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import BadPayloadError, SealError, StoreError, TransientError
from topk.domain.owner import Owner
from topk.usecases.crawling.admit_crawls import Admission, admit_crawls
from topk.usecases.crawling.outcome import Key, Outcome
from topk.usecases.crawling.route_messages import Delivery, Message
from topk.usecases.crawling.update_breakers import update_breakers

TEN_A_SECOND = Budget(requests_per_second=20 / 0.9, requests_per_crawl=2)
LIMITED = Outcome(CrawlResult.RATE_LIMITED, again_in=72_000)
USER_LIMITED = Outcome(CrawlResult.USER_LIMITED, again_in=60)
FAILED = Outcome.failed(TransientError("502"))
CRAWLED = Outcome(CrawlResult.CRAWLED, plays=3)
OPEN = Breaker(State.OPEN, NOON + 72_000, trips=1)
OVER = Breaker(State.OPEN, NOON, trips=1)


@pytest.fixture
def budgets() -> FakeProviderBudgets:
    return FakeProviderBudgets()


def _key(user: int, provider: str = "spotify") -> Key:
    return Owner("harbor", f"u{user}"), provider


def _delivery(
    user: int,
    provider: str = "spotify",
    *,
    reason: str = "due",
    place: int | None = None,
    attempt: int = 1,
) -> Delivery:
    booked = place is not None
    job = CrawlJob(_key(user)[0], provider, NOON, reason, "c-1", place or 0, booked=booked)
    return Delivery(Message(f"m-{user}", f"r-{user}", "{}", attempt, provider), job)


def _admit(budgets: FakeProviderBudgets, *deliveries: Delivery, now: int = NOON) -> Admission:
    return admit_crawls(deliveries, budgets=budgets, budget_of=lambda _: TEN_A_SECOND, now=now)


def _observe(
    budgets: FakeProviderBudgets, outcomes: Mapping[Key, Outcome], *, now: int = NOON
) -> Mapping[Key, Outcome]:
    admission = _admit(budgets, *(_delivery(int(owner.user[1:])) for owner, _ in outcomes))
    return update_breakers(
        admission, outcomes, budgets=budgets, budget_of=lambda _: TEN_A_SECOND, now=now
    )


def _users(admission: Admission) -> list[str]:
    return [one.job.owner.user for one in admission.admitted]


def test_within_the_budget_all_start_with_one_read_and_one_booking(
    budgets: FakeProviderBudgets,
) -> None:
    admission = _admit(budgets, *map(_delivery, range(50)))
    assert len(admission.admitted) == 50
    assert (admission.waiting, budgets.reads, budgets.bookings, budgets.updates) == ({}, 1, 1, 0)


def test_crawls_of_suspended_tenants_take_no_budget(budgets: FakeProviderBudgets) -> None:
    admission = admit_crawls(
        [_delivery(user) for user in range(50)],
        budgets=budgets,
        budget_of=lambda _: TEN_A_SECOND,
        is_suspended=lambda tenant: tenant == "harbor",
        now=NOON,
    )
    assert admission.admitted == ()
    assert set(admission.waiting.values()) == {Outcome(CrawlResult.SUSPENDED)}
    assert (budgets.reads, budgets.bookings) == (0, 0)


def test_beyond_the_budget_each_crawl_waits_for_its_own_slot(budgets: FakeProviderBudgets) -> None:
    admission = _admit(budgets, *map(_delivery, range(100)))
    assert len(admission.admitted) == BURST_SECONDS * 10 + 1
    places = [outcome.place for outcome in admission.waiting.values()]
    assert places == [NOON + -(-n // 10) for n in range(51, 100)]
    assert {outcome.result for outcome in admission.waiting.values()} == {CrawlResult.WAITING}


def test_a_crawl_that_arrives_in_its_slot_starts_without_another_booking(
    budgets: FakeProviderBudgets,
) -> None:
    budgets.free_at["spotify", Lane.STANDING] = (NOON + 3600) * 1000
    admission = _admit(budgets, _delivery(1, place=NOON), _delivery(2, place=NOON - HELD_SECONDS))
    assert _users(admission) == ["u2", "u1"]
    assert budgets.bookings == 0


@pytest.mark.parametrize(
    "late",
    [_delivery(1, place=NOON - HELD_SECONDS - 1), _delivery(1, place=NOON, attempt=2)],
    ids=["too late", "a retry"],
)
def test_a_slot_is_used_once_and_expires(budgets: FakeProviderBudgets, late: Delivery) -> None:
    _fill(budgets, Lane.STANDING, Lane.EXPRESS)
    assert _admit(budgets, late).waiting == {
        _key(1): Outcome(CrawlResult.WAITING, place=NOON + 3600)
    }


@pytest.mark.parametrize("reason", ["connect", "sought"])
def test_a_crawl_that_a_user_waits_for_passes_the_backlog(
    budgets: FakeProviderBudgets, reason: str
) -> None:
    _fill(budgets, Lane.STANDING)
    budgets.free_at["spotify", Lane.EXPRESS] = NOON * 1000 + 1
    assert _users(_admit(budgets, _delivery(1), _delivery(2, reason=reason))) == ["u2"]
    assert len(_admit(budgets, _delivery(3), _delivery(3, reason=reason)).admitted) == 2


@pytest.mark.parametrize(("lane", "reason"), [(Lane.STANDING, "due"), (Lane.EXPRESS, "connect")])
def test_a_backlog_uses_slots_that_the_other_lane_would_let_pass(
    budgets: FakeProviderBudgets, lane: Lane, reason: str
) -> None:
    _fill(budgets, lane)
    started = _admit(budgets, *(_delivery(n, reason=reason) for n in range(100))).admitted
    other = Lane.EXPRESS if lane is Lane.STANDING else Lane.STANDING
    assert len(started) == TEN_A_SECOND.fitting(other, BURST_SECONDS)
    assert budgets.free_at["spotify", other] <= (NOON + BURST_SECONDS) * 1000
    assert not _admit(budgets, _delivery(101, reason=reason)).admitted, "it is no longer idle"


def _fill(budgets: FakeProviderBudgets, *lanes: Lane) -> None:
    for lane in lanes:
        budgets.free_at["spotify", lane] = (NOON + 3600) * 1000


def test_crawls_beside_the_timetable_are_counted_once(budgets: FakeProviderBudgets) -> None:
    _admit(budgets, _delivery(1), _delivery(2, reason="view"), _delivery(3, reason="connect"))
    assert budgets.unscheduled["spotify"] == 2
    _fill(budgets, *Lane)
    _admit(budgets, _delivery(2, reason="view", place=NOON - HELD_SECONDS - 1))
    assert budgets.unscheduled["spotify"] == 2, "it had booked a slot before"


def test_a_crawl_after_an_ordinary_view_waits_its_turn(budgets: FakeProviderBudgets) -> None:
    _fill(budgets, Lane.STANDING, Lane.EXPRESS)
    assert _users(_admit(budgets, _delivery(1, reason="view"))) == []


def test_a_duplicate_job_starts_once_and_takes_one_slot(budgets: FakeProviderBudgets) -> None:
    assert len(_admit(budgets, _delivery(1), _delivery(1)).admitted) == 2
    assert budgets.free_at["spotify", Lane.STANDING] == NOON * 1000 + 100


def test_while_the_breaker_is_open_nothing_starts_and_slots_begin_after_it(
    budgets: FakeProviderBudgets,
) -> None:
    budgets.breakers["spotify"] = OPEN
    admission = _admit(budgets, _delivery(1), _delivery(2, place=NOON), _delivery(3, "youtube"))
    assert _users(admission) == ["u3"]
    assert {key: one.place for key, one in admission.waiting.items()} == {
        _key(1): NOON + 72_000,
        _key(2): NOON + 72_001,
    }
    assert budgets.updates == 0


def test_after_the_pause_a_single_crawl_probes(budgets: FakeProviderBudgets) -> None:
    budgets.breakers["spotify"] = OVER
    first = _admit(budgets, _delivery(1, place=NOON), _delivery(2, place=NOON + 1), now=NOON + 1)
    assert _users(first) == ["u1"]
    second = _admit(budgets, _delivery(3), now=NOON + 2)
    assert _users(second) == []
    waits = [*first.waiting.values(), *second.waiting.values()]
    assert all(one.place and one.place > NOON + PROBE_SECONDS for one in waits)


def test_one_of_two_concurrent_batches_probes(budgets: FakeProviderBudgets) -> None:
    class _Raced(FakeProviderBudgets):
        def update(self, provider: str, breaker: Breaker) -> Breaker:
            super().update(provider, self.breakers[provider].probing(NOON))
            return super().update(provider, breaker)

    raced = _Raced(breakers={"spotify": OVER})
    admission = _admit(raced, _delivery(1))
    assert (admission.admitted, admission.probes) == ((), frozenset())


def test_a_successful_probe_lets_the_next_batch_start(budgets: FakeProviderBudgets) -> None:
    budgets.breakers["spotify"] = OVER
    assert _observe(budgets, {_key(1): CRAWLED}) == {_key(1): CRAWLED}
    assert len(_admit(budgets, *map(_delivery, range(5))).admitted) == 5


@pytest.mark.parametrize("result", [CrawlResult.GONE, CrawlResult.FRESH])
def test_a_probe_that_sent_no_request_is_followed_by_another(
    budgets: FakeProviderBudgets, result: CrawlResult
) -> None:
    budgets.breakers["spotify"] = OVER
    _observe(budgets, {_key(1): Outcome(result)})
    assert len(_admit(budgets, *map(_delivery, range(5))).admitted) == 1


def test_a_limit_of_the_app_shuts_it_from_the_answer_on(budgets: FakeProviderBudgets) -> None:
    batch = {_key(1): LIMITED, _key(2): CRAWLED, _key(3): LIMITED, _key(4): LIMITED}
    done = _observe(budgets, batch, now=NOON + 20)
    assert budgets.breakers["spotify"].until == NOON + 20 + 72_000
    assert {key: one.place for key, one in done.items()} == {
        _key(1): NOON + 72_020,
        _key(2): None,
        _key(3): NOON + 72_021,
        _key(4): NOON + 72_021,
    }


def test_a_limit_that_one_user_met_among_many_is_that_users_alone(
    budgets: FakeProviderBudgets,
) -> None:
    batch = {_key(n): CRAWLED for n in range(49)} | {_key(49): LIMITED}
    assert _observe(budgets, batch) == batch
    assert budgets.updates == 0


def test_a_user_with_a_longer_limit_than_the_app_waits_for_its_own_end(
    budgets: FakeProviderBudgets,
) -> None:
    batch = {_key(n): FAILED for n in range(FAILURES)} | {_key(50): LIMITED}
    done = _observe(budgets, batch)
    assert done[_key(50)] == LIMITED
    assert not budgets.breakers["spotify"].closed


def test_a_limit_of_one_user_is_that_users_alone(budgets: FakeProviderBudgets) -> None:
    assert _observe(budgets, {_key(1): USER_LIMITED}) == {_key(1): USER_LIMITED}
    assert len(_admit(budgets, *map(_delivery, range(5))).admitted) == 5


def test_crawls_that_fail_in_an_outage_wait_and_use_no_attempt(
    budgets: FakeProviderBudgets,
) -> None:
    broken = Outcome.failed(BadPayloadError("HTML"))
    ours = Outcome.failed(SealError("another's"))
    batch = {_key(n): (FAILED, broken)[n % 2] for n in range(FAILURES)} | {_key(50): ours}
    done = _observe(budgets, batch)
    assert [one.failure for one in done.values()] == [None] * FAILURES + [ours.failure]
    assert not budgets.breakers["spotify"].closed


def test_a_few_failures_are_retried_as_usual(budgets: FakeProviderBudgets) -> None:
    batch = {_key(1): FAILED, _key(2): CRAWLED, _key(3): CRAWLED}
    assert _observe(budgets, batch) == batch
    assert budgets.updates == 0


def test_internal_failures_do_not_open_the_breaker(budgets: FakeProviderBudgets) -> None:
    stored = Outcome.failed(StoreError("throttled"))
    batch = {_key(n): stored for n in range(3 * FAILURES)}
    assert _observe(budgets, batch) == batch
    assert budgets.updates == 0


def test_a_breaker_update_of_another_batch_is_kept(budgets: FakeProviderBudgets) -> None:
    class _Raced(FakeProviderBudgets):
        raced = False

        def update(self, provider: str, breaker: Breaker) -> Breaker:
            if not self.raced:
                self.raced = True
                super().update(provider, OPEN)
            return super().update(provider, breaker)

    raced = _Raced()
    _observe(raced, {_key(1): Outcome(CrawlResult.RATE_LIMITED, again_in=5)})
    assert raced.breakers["spotify"].until == OPEN.until


def test_crawls_are_retried_if_the_budgets_cannot_be_read(budgets: FakeProviderBudgets) -> None:
    budgets.fails = StoreError("throttled")
    admission = _admit(budgets, _delivery(1))
    assert admission.admitted == ()
    assert admission.waiting == {_key(1): Outcome.failed(budgets.fails)}


def test_a_limited_crawl_waits_even_if_the_breaker_cannot_be_written(
    budgets: FakeProviderBudgets,
) -> None:
    admission = _admit(budgets, _delivery(1))
    budgets.fails = StoreError("throttled")
    outcomes = {_key(1): LIMITED}
    assert outcomes == update_breakers(
        admission, outcomes, budgets=budgets, budget_of=lambda _: TEN_A_SECOND, now=NOON
    )
