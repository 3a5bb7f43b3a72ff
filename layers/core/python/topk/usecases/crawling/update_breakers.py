"""Update circuit breakers from the outcomes of a batch."""

from collections import defaultdict
from collections.abc import Iterable

from topk.domain.crawl.breaker import BatchResults, Breaker
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import StoreError
from topk.usecases.crawling.admit_crawls import Admission, lane_of
from topk.usecases.crawling.apps import AppOf, shared
from topk.usecases.crawling.outcome import Key, Outcome, Outcomes
from topk.usecases.crawling.provider_gate import BudgetOf, ProviderGate, waiting_for
from topk.usecases.crawling.route_messages import Delivery
from topk.usecases.ports import ProviderBudgets

_OF_THE_PROVIDER = frozenset(
    {CrawlResult.REFUSED, CrawlResult.PROVIDER_UNAVAILABLE, CrawlResult.BAD_PAYLOAD}
)


def update_breakers(
    admission: Admission,
    outcomes: Outcomes,
    *,
    budgets: ProviderBudgets,
    budget_of: BudgetOf,
    app_of: AppOf = shared,
    now: int,
) -> Outcomes:
    """Update the breakers from the outcomes of the admitted crawls; returns the outcomes of the
    whole batch.

    A crawl that met an app-wide limit, or failed like most others, waits for the end of the pause
    and uses no attempt. `now` (epoch seconds) is the end of the crawls, because a provider counts a
    limit from its response.
    """
    found = {**outcomes, **admission.waiting}
    for app in admission.breakers:
        gate = ProviderGate(app, budgets, budget_of(app), now)
        of_app = {
            (owner, provider): one
            for (owner, provider), one in outcomes.items()
            if app_of(owner.tenant, provider) == app
        }
        try:
            found |= _held_up(gate, admission, of_app)
        except StoreError:
            # Outcomes stay: retried, or delayed for as long as the provider says.
            continue
    return found


def _held_up(gate: ProviderGate, admission: Admission, outcomes: Outcomes) -> dict[Key, Outcome]:
    """New outcomes of crawls delayed by an app-wide limit or outage."""
    seen = _seen(outcomes.values())
    if seen == BatchResults() and gate.app not in admission.probes:
        return {}
    breaker = gate.observe(admission.breakers[gate.app], seen)
    if breaker.closed:
        return {}
    asked: dict[Key, list[Delivery]] = defaultdict(list)
    for delivery in admission.admitted:
        key = (delivery.job.owner, delivery.job.provider)
        if key in outcomes and _waits(outcomes[key], breaker, gate.now):
            asked[key].append(delivery)
    lanes = {key: lane_of(of_key) for key, of_key in asked.items()}
    return {
        key: waiting_for(place, outcomes[key].result)
        for key, place in gate.book(lanes, breaker).items()
    }


def _seen(outcomes: Iterable[Outcome]) -> BatchResults:
    asked = [one for one in outcomes if one.result.sent_requests]
    limits = [one.again_in or 0 for one in asked if _limited(one)]
    return BatchResults(
        answered=sum(one.failure is None and not (_limited(one) or _failed(one)) for one in asked),
        failed=sum(map(_failed, asked)),
        retry_after=max(limits, default=None),
        limited=len(limits),
    )


def _waits(outcome: Outcome, breaker: Breaker, now: int) -> bool:
    """Whether it waits for the breaker, rather than for a longer limit of its own."""
    if _limited(outcome):
        return now + (outcome.again_in or 0) <= breaker.until
    return _failed(outcome)


def _limited(outcome: Outcome) -> bool:
    """Whether the provider named a limit that may be the whole app's."""
    return outcome.result is CrawlResult.RATE_LIMITED


def _failed(outcome: Outcome) -> bool:
    """Whether the provider failed, rather than something of ours, or may have."""
    return outcome.result in _OF_THE_PROVIDER
