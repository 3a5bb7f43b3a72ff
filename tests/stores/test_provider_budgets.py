"""Provider budgets: each slot is booked once, and racing breaker writes conflict."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.fakes import NOON
from topk.domain.crawl.breaker import Breaker, State
from topk.domain.crawl.budget import Lane
from topk.domain.crawl.load_shedding import Plan
from topk.domain.errors import ConflictError, StoreError
from topk.stores.dynamodb.models import ProviderBudgetModel
from topk.stores.tables.provider_budgets import ProviderBudgets

pytestmark = pytest.mark.usefixtures("tables")
MS = NOON * 1000
OPEN = Breaker(State.OPEN, NOON + 72_000, failures=10, trips=1)


@pytest.fixture
def budgets() -> ProviderBudgets:
    return ProviderBudgets()


def test_slots_are_consecutive_and_restart_after_a_pause(budgets: ProviderBudgets) -> None:
    moments = [MS, MS, MS + 500, MS + 9000, MS + 9000]
    begun = [
        budgets.book("spotify", Lane.STANDING, length=1000, earliest=moment) for moment in moments
    ]
    assert begun == [MS, MS + 1000, MS + 2000, MS + 9000, MS + 10_000]


def test_each_lane_and_provider_has_its_own_slots(budgets: ProviderBudgets) -> None:
    for provider in ("spotify", "youtube"):
        for lane in Lane:
            assert budgets.book(provider, lane, length=1000, earliest=MS) == MS


def test_a_racing_first_booking_goes_behind_the_other(
    budgets: ProviderBudgets, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = ProviderBudgetModel.update
    calls = iter(range(9))

    def overtaken(row: ProviderBudgetModel, *args: Any, **kwargs: Any) -> Any:
        if next(calls) == 1:
            monkeypatch.setattr(ProviderBudgetModel, "update", update)
            assert budgets.book("spotify", Lane.STANDING, length=1000, earliest=MS) == MS
        return update(row, *args, **kwargs)

    monkeypatch.setattr(ProviderBudgetModel, "update", overtaken)
    assert budgets.book("spotify", Lane.STANDING, length=500, earliest=MS) == MS + 1000


def test_a_slot_is_booked_only_if_it_begins_in_time(budgets: ProviderBudgets) -> None:
    def book(length: int, latest: int) -> int | None:
        return budgets.book_until(
            "spotify", Lane.EXPRESS, length=length, earliest=MS, latest=latest
        )

    assert book(1000, MS) == MS
    assert book(1000, MS) is None
    assert book(1000, MS + 1000) == MS + 1000
    assert book(1000, MS + 1999) is None
    assert budgets.book("spotify", Lane.EXPRESS, length=1, earliest=MS) == MS + 2000


def test_a_plan_is_made_once_a_day_and_knows_what_was_asked_since(
    budgets: ProviderBudgets,
) -> None:
    assert budgets.plans(["spotify", "youtube"]) == {"spotify": Plan(), "youtube": Plan()}
    for number in (3, 0, 2):
        budgets.book("spotify", Lane.EXPRESS, length=1, earliest=MS, unscheduled=number)
    plan = Plan(20_000, 1.25, budgets.plans(["spotify"])["spotify"].asked)
    budgets.set_plan("spotify", plan, replacing=0)
    with pytest.raises(ConflictError):
        budgets.set_plan("spotify", plan, replacing=0)
    assert budgets.look("spotify") == (Breaker(), 1.25)
    budgets.book_until("spotify", Lane.STANDING, length=1, earliest=MS, latest=MS, unscheduled=4)
    found = budgets.plans(["spotify"])["spotify"]
    assert (found.day, found.price, found.unscheduled) == (20_000, 1.25, 4)
    budgets.set_plan("spotify", Plan(20_001, 0.0, found.asked), replacing=20_000)
    assert budgets.plans(["spotify"])["spotify"].unscheduled == 0


def test_a_breaker_is_closed_by_default_and_round_trips(
    budgets: ProviderBudgets,
) -> None:
    budgets.book("spotify", Lane.STANDING, length=1000, earliest=MS)
    assert budgets.breaker("spotify") == budgets.breaker("youtube") == Breaker()
    written = budgets.update("spotify", OPEN)
    assert budgets.breaker("spotify") == written
    assert (written.until, written.version) == (OPEN.until, 1)
    assert budgets.breaker("youtube") == Breaker()


def test_the_second_write_of_the_same_breaker_version_is_a_conflict(
    budgets: ProviderBudgets,
) -> None:
    first = budgets.update("spotify", OPEN)
    budgets.update("spotify", first)
    for late in (OPEN, first):
        with pytest.raises(ConflictError):
            budgets.update("spotify", late)


def test_booking_does_not_change_the_breaker(budgets: ProviderBudgets) -> None:
    written = budgets.update("spotify", OPEN)
    budgets.book("spotify", Lane.EXPRESS, length=1000, earliest=MS)
    assert budgets.breaker("spotify") == written


@pytest.mark.parametrize(
    "asked",
    [
        lambda budgets: budgets.breaker("spotify"),
        lambda budgets: budgets.update("spotify", OPEN),
        lambda budgets: budgets.book("spotify", Lane.STANDING, length=1, earliest=MS),
    ],
)
def test_a_failing_table_is_a_storage_error(
    budgets: ProviderBudgets,
    asked: Callable[[ProviderBudgets], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_args: object, **_kwargs: object) -> object:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    monkeypatch.setattr(ProviderBudgetModel, "get", fails)
    monkeypatch.setattr(ProviderBudgetModel, "update", fails)
    with pytest.raises(StoreError):
        asked(budgets)
