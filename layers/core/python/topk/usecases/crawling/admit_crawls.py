"""Which of a batch's crawls may go, before anything is asked of a provider.

A crawl goes when the breaker of its app is closed and it has a place in the app's budget that is
near, or that it booked before and still holds. Any other books the next free place, after the end
of a pause, and waits for it in the queue. Each app at a provider has its own row: what befalls one
is nothing to the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from topk.domain.crawl.breaker import Breaker
from topk.domain.crawl.budget import Lane, held, near
from topk.domain.errors import StoreError
from topk.usecases.crawling.crawl import Key, Outcome, Outcomes
from topk.usecases.crawling.provider_gate import AppOf, BudgetOf, ProviderGate, shared, waiting_for
from topk.usecases.crawling.route_messages import Delivery
from topk.usecases.ports import ProviderBudgets

_EXPRESS = frozenset({"connect", "sought"})

_Asked = Mapping[Key, Sequence[Delivery]]


@dataclass(frozen=True, slots=True)
class Admission:
    """What a batch came to before the crawl: those `admitted`, and the outcomes of the others.

    `breakers` are as they stood, by app; by an app in `probes` one crawl is admitted, to
    see whether it answers again.
    """

    admitted: tuple[Delivery, ...]
    waiting: Outcomes
    breakers: Mapping[str, Breaker]
    probes: frozenset[str]


def admit_crawls(
    deliveries: Iterable[Delivery],
    *,
    budgets: ProviderBudgets,
    budget_of: BudgetOf,
    app_of: AppOf = shared,
    now: int,
) -> Admission:
    """Splits `deliveries` into the crawls that may go at `now` and those that wait.

    Costs one read for each app, and a booking for those without a place.
    """
    admitted: list[Delivery] = []
    waiting: dict[Key, Outcome] = {}
    breakers: dict[str, Breaker] = {}
    probes: set[str] = set()
    for app, asked in _by_app(deliveries, app_of).items():
        gate = ProviderGate(app, budgets, budget_of(app), now)
        try:
            breakers[app], probe = gate.look()
            going, held_up = _split(gate, asked, breakers[app], probe=probe)
        except StoreError as error:
            waiting |= dict.fromkeys(asked, Outcome(type(error).__name__, failure=error))
            continue
        admitted += [delivery for key in going for delivery in asked[key]]
        waiting |= held_up
        probes |= {app} if probe else set()
    return Admission(tuple(admitted), waiting, breakers, frozenset(probes))


def lane_of(deliveries: Iterable[Delivery]) -> Lane:
    """Of one connection: who somebody waits for goes by the express lane."""
    express = any(delivery.job.reason in _EXPRESS for delivery in deliveries)
    return Lane.EXPRESS if express else Lane.STANDING


def _split(
    gate: ProviderGate, asked: _Asked, breaker: Breaker, *, probe: bool
) -> tuple[list[Key], dict[Key, Outcome]]:
    """Those that go, and the outcomes of those that wait."""
    going = _going(asked, breaker, probe=probe, now=gate.now)
    others = {key: lane_of(of_key) for key, of_key in asked.items() if key not in going}
    waiting: dict[Key, Outcome] = {}
    for key, place in gate.book(others, breaker).items():
        if breaker.closed and near(place, gate.now):
            going.append(key)
        else:
            waiting[key] = waiting_for(place, "waiting")
    return going, waiting


def _going(asked: _Asked, breaker: Breaker, *, probe: bool, now: int) -> list[Key]:
    """Those that need no further place: who holds one, or the first where it is to probe."""
    if probe:
        return list(asked)[:1]
    if not breaker.closed:
        return []
    return [key for key, of_key in asked.items() if any(_holds(one, now) for one in of_key)]


def _holds(delivery: Delivery, now: int) -> bool:
    """A place is good for one attempt: a retry books another."""
    job = delivery.job
    return job.booked and delivery.message.attempt == 1 and held(job.not_before, now)


def _by_app(deliveries: Iterable[Delivery], app_of: AppOf) -> dict[str, _Asked]:
    """By app and connection, those that wait longest first.

    The place counts, not the age: a crawl that failed as a probe is behind all others then, so that
    one bad connection cannot keep a breaker open.
    """
    found: dict[str, dict[Key, list[Delivery]]] = defaultdict(lambda: defaultdict(list))
    for delivery in sorted(deliveries, key=lambda one: one.job.not_before or one.job.at):
        job = delivery.job
        found[app_of(job.owner.tenant, job.provider)][job.owner, job.provider].append(delivery)
    return {app: dict(asked) for app, asked in found.items()}
