"""Decide which crawls of a batch may start, before any provider request.

A crawl that is not needed, such as one of an account whose pushes bring its plays, ends without a
slot. Any other starts if its app's circuit breaker is closed and it has a slot in the app's budget
that is near, or that it reserved earlier and still holds. Otherwise it reserves the next free slot,
after the end of a pause, and waits for it in the queue. Each provider app has its own row and does
not affect the others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from topk.domain.crawl.breaker import Breaker
from topk.domain.crawl.budget import Lane, held, near
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import StoreError
from topk.usecases.crawling.apps import AppOf, shared
from topk.usecases.crawling.needed_crawls import NOTHING_NEEDED, LookUp, Needed, all_needed
from topk.usecases.crawling.outcome import Key, Outcome, Outcomes
from topk.usecases.crawling.provider_gate import BudgetOf, ProviderGate, waiting_for
from topk.usecases.crawling.route_messages import Delivery
from topk.usecases.ports import ProviderBudgets

_EXPRESS = frozenset({"connect", "sought"})
_UNSCHEDULED = _EXPRESS | {"view"}

IsSuspended = Callable[[str], bool]
"""Whether the tenant of that name is suspended."""
_Asked = Mapping[Key, Sequence[Delivery]]


def nobody(_tenant: str) -> bool:
    """No tenant is suspended."""
    return False


@dataclass(frozen=True, slots=True)
class Admission:
    """The `admitted` crawls of a batch, and the outcomes of the others.

    `needed` are the connections that were looked up. `breakers` are the breakers by app; for each
    app in `probes` one crawl is admitted as a probe.
    """

    admitted: tuple[Delivery, ...]
    waiting: Outcomes
    breakers: Mapping[str, Breaker]
    probes: frozenset[str]
    needed: Needed = NOTHING_NEEDED

    @property
    def troubled(self) -> frozenset[str]:
        """The apps at which a refusal may be the provider's fault."""
        return frozenset(app for app, breaker in self.breakers.items() if breaker.is_troubled)


def admit_crawls(
    deliveries: Iterable[Delivery],
    *,
    budgets: ProviderBudgets,
    budget_of: BudgetOf,
    app_of: AppOf = shared,
    is_suspended: IsSuspended = nobody,
    look_up: LookUp = all_needed,
    now: int,
) -> Admission:
    """Split `deliveries` into the crawls that may start at `now` and those that wait.

    `look_up` finds those that are needed. Costs one read for each app, and one reservation for
    those without a slot. Crawls of suspended tenants are left out: the next ones in the timetable
    begin where the last one ended.
    """
    admitted: list[Delivery] = []
    deliveries, waiting = _without_suspended(deliveries, is_suspended)
    breakers: dict[str, Breaker] = {}
    probes: set[str] = set()
    needed = NOTHING_NEEDED
    for app, of_app in _by_app(deliveries, app_of).items():
        asked = of_app
        gate = ProviderGate(app, budgets, budget_of(app), now)
        try:
            breakers[app], probe, price = gate.look()
            found = look_up([one.job for of_key in asked.values() for one in of_key], price > 0)
            waiting |= found.settled
            needed |= found
            asked = {key: of_key for key, of_key in asked.items() if key not in found.settled}
            going, held_up = _split(gate, asked, breakers[app], probe=probe)
        except StoreError as error:
            waiting |= dict.fromkeys(asked, Outcome.failed(error))
            continue
        admitted += [delivery for key in going for delivery in asked[key]]
        waiting |= held_up
        probes |= {app} if probe else set()
    return Admission(tuple(admitted), waiting, breakers, frozenset(probes), needed)


def _without_suspended(
    deliveries: Iterable[Delivery], is_suspended: IsSuspended
) -> tuple[list[Delivery], dict[Key, Outcome]]:
    """The crawls of tenants that are not suspended, and the outcomes of the others."""
    found: list[Delivery] = []
    left_out: dict[Key, Outcome] = {}
    for delivery in deliveries:
        job = delivery.job
        if is_suspended(job.owner.tenant):
            left_out[job.owner, job.provider] = Outcome(CrawlResult.SUSPENDED)
        else:
            found.append(delivery)
    return found, left_out


def lane_of(deliveries: Iterable[Delivery]) -> Lane:
    """The lane of a crawl: express if somebody is waiting for it."""
    express = any(delivery.job.reason in _EXPRESS for delivery in deliveries)
    return Lane.EXPRESS if express else Lane.STANDING


def _split(
    gate: ProviderGate, asked: _Asked, breaker: Breaker, *, probe: bool
) -> tuple[list[Key], dict[Key, Outcome]]:
    """The crawls that start, and the outcomes of those that wait."""
    going = _going(asked, breaker, probe=probe, now=gate.now)
    others = {key: lane_of(of_key) for key, of_key in asked.items() if key not in going}
    waiting: dict[Key, Outcome] = {}
    unscheduled = {key for key in others if all(map(_is_unscheduled, asked[key]))}
    for key, place in gate.book(others, breaker, unscheduled=unscheduled).items():
        if breaker.closed and near(place, gate.now):
            going.append(key)
        else:
            waiting[key] = waiting_for(place, CrawlResult.WAITING)
    return going, waiting


def _going(asked: _Asked, breaker: Breaker, *, probe: bool, now: int) -> list[Key]:
    """The crawls that need no new slot: those that hold one, or the first one as a probe."""
    if probe:
        return list(asked)[:1]
    if not breaker.closed:
        return []
    return [key for key, of_key in asked.items() if any(_holds(one, now) for one in of_key)]


def _holds(delivery: Delivery, now: int) -> bool:
    """A slot is valid for one attempt; a retry reserves another."""
    job = delivery.job
    return job.booked and delivery.message.attempt == 1 and held(job.not_before, now)


def _is_unscheduled(delivery: Delivery) -> bool:
    """Whether it is beside the timetable, and was not counted when it booked a slot."""
    return delivery.job.reason in _UNSCHEDULED and not delivery.job.booked


def _by_app(deliveries: Iterable[Delivery], app_of: AppOf) -> dict[str, _Asked]:
    """Crawls by app and connection, ordered by slot.

    The slot counts and not the age: a crawl that failed as a probe is behind all others, so that
    one broken connection cannot keep a breaker open.
    """
    found: dict[str, dict[Key, list[Delivery]]] = defaultdict(lambda: defaultdict(list))
    for delivery in sorted(deliveries, key=lambda one: one.job.not_before or one.job.at):
        job = delivery.job
        found[app_of(job.owner.tenant, job.provider)][job.owner, job.provider].append(delivery)
    return {app: dict(asked) for app, asked in found.items()}
