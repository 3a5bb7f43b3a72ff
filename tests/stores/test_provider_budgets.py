"""Provider budgets: places are given once, and one of two writers of a breaker is told so."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.fakes import NOON
from topk.domain.crawl.breaker import Breaker, State
from topk.domain.crawl.budget import Lane
from topk.domain.errors import ConflictError, StoreError
from topk.stores.dynamodb.models import ProviderBudgetModel
from topk.stores.tables.provider_budgets import ProviderBudgets

pytestmark = pytest.mark.usefixtures("tables")
MS = NOON * 1000
OPEN = Breaker(State.OPEN, NOON + 72_000, failures=10, trips=1)


@pytest.fixture
def budgets() -> ProviderBudgets:
    return ProviderBudgets()


def test_places_follow_each_other_and_begin_anew_after_a_rest(budgets: ProviderBudgets) -> None:
    moments = [MS, MS, MS + 500, MS + 9000, MS + 9000]
    begun = [
        budgets.book("spotify", Lane.STANDING, length=1000, earliest=moment) for moment in moments
    ]
    assert begun == [MS, MS + 1000, MS + 2000, MS + 9000, MS + 10_000]


def test_each_lane_and_provider_has_places_of_its_own(budgets: ProviderBudgets) -> None:
    for provider in ("spotify", "youtube"):
        for lane in Lane:
            assert budgets.book(provider, lane, length=1000, earliest=MS) == MS


def test_who_begins_a_lane_second_books_behind_the_first(
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


def test_a_breaker_is_closed_until_it_was_written_and_then_reads_as_it_was(
    budgets: ProviderBudgets,
) -> None:
    budgets.book("spotify", Lane.STANDING, length=1000, earliest=MS)
    assert budgets.breaker("spotify") == budgets.breaker("youtube") == Breaker()
    written = budgets.update("spotify", OPEN)
    assert budgets.breaker("spotify") == written
    assert (written.until, written.version) == (OPEN.until, 1)
    assert budgets.breaker("youtube") == Breaker()


def test_who_writes_a_breaker_second_is_told_so(budgets: ProviderBudgets) -> None:
    first = budgets.update("spotify", OPEN)
    budgets.update("spotify", first)
    for late in (OPEN, first):
        with pytest.raises(ConflictError):
            budgets.update("spotify", late)


def test_booking_leaves_the_breaker_alone(budgets: ProviderBudgets) -> None:
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
def test_a_table_that_fails_is_an_error_of_the_storage(
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
