"""A tenant's own app at a provider has its own budget and breaker."""

from tests.fake_budgets import FakeProviderBudgets
from tests.fakes import NOON
from topk.domain.crawl.breaker import Breaker, State
from topk.domain.crawl.budget import Budget
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.result import CrawlResult
from topk.domain.owner import Owner
from topk.usecases.crawling.admit_crawls import Admission, admit_crawls
from topk.usecases.crawling.outcome import Outcome
from topk.usecases.crawling.route_messages import Delivery, Message
from topk.usecases.crawling.update_breakers import update_breakers

OWN = "spotify#tenant:meadow"


def _app_of(tenant: str, provider: str) -> str:
    return OWN if tenant == "meadow" else provider


def _budget_of(app: str) -> Budget:
    return Budget(requests_per_second=1 if app == OWN else 1000)


def _delivery(tenant: str, number: int) -> Delivery:
    job = CrawlJob(Owner(tenant, f"u{number}"), "spotify", NOON, "due", "c-1")
    return Delivery(Message(f"{tenant}-{number}", "r", "{}", 1, "spotify"), job)


def _admitted(budgets: FakeProviderBudgets) -> tuple[Admission, list[str]]:
    deliveries = [_delivery(tenant, n) for tenant in ("harbor", "meadow") for n in range(100)]
    admission = admit_crawls(
        deliveries, budgets=budgets, budget_of=_budget_of, app_of=_app_of, now=NOON
    )
    return admission, [one.job.owner.tenant for one in admission.admitted]


def test_a_small_own_budget_delays_no_other_tenant() -> None:
    admission, tenants = _admitted(FakeProviderBudgets())
    assert tenants.count("harbor") == 100
    assert 0 < tenants.count("meadow") < 100
    assert {owner.tenant for owner, _ in admission.waiting} == {"meadow"}
    assert set(admission.breakers) == {"spotify", OWN}


def test_a_limit_on_an_own_app_opens_only_its_breaker() -> None:
    budgets = FakeProviderBudgets()
    admission, _ = _admitted(budgets)
    outcomes = {
        (one.job.owner, "spotify"): Outcome(CrawlResult.RATE_LIMITED, again_in=600)
        if one.job.owner.tenant == "meadow"
        else Outcome(CrawlResult.CRAWLED)
        for one in admission.admitted
    }
    observed = update_breakers(
        admission, outcomes, budgets=budgets, budget_of=_budget_of, app_of=_app_of, now=NOON
    )
    assert budgets.breaker("spotify").closed
    assert not budgets.breaker(OWN).closed
    assert {one.result for (owner, _), one in observed.items() if owner.tenant == "harbor"} == {
        CrawlResult.CRAWLED
    }


def test_an_open_shared_breaker_does_not_stop_an_own_app() -> None:
    shut = Breaker(State.OPEN, NOON + 600, trips=1)
    _, tenants = _admitted(FakeProviderBudgets(breakers={"spotify": shut}))
    assert set(tenants) == {"meadow"}
