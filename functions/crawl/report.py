"""Log lines and metrics of a batch of crawls."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from topk.domain.crawl.breaker import Breaker
from topk.domain.crawl.result import CrawlResult
from topk.domain.crawl.skipped import NOTHING_SKIPPED
from topk.runtime.observability import count, logger, measure
from topk.usecases.crawling.named_tenants import NamedTenants
from topk.usecases.crawling.outcome import Outcome, Outcomes
from topk.usecases.crawling.route_messages import Delivery

LATE_SECONDS = 26 * 3600


def report(
    deliveries: Sequence[Delivery],
    outcomes: Outcomes,
    breakers: Mapping[str, Breaker],
    named: NamedTenants,
    *,
    now: int,
) -> None:
    """Writes one log line for each provider of a batch, and metrics by provider and outcome, and by
    tenant. Tenants without metrics of their own are counted together.

    The line contains [correlation, outcome, plays, items skipped, chunk id] for each crawl;
    separate lines would be four times as long. ItemsSkipped counts lost plays, and by reason also
    items that are not plays; ItemsUnreadable counts those that should have been readable.
    PlaysOnlyCrawled counts those that a push should have brought.
    BreakerOpen counts batches that met an open circuit breaker. LongestWait (seconds) is how far
    ahead the budget is reserved, and QueueAge how late the oldest crawl is. Tenants and providers
    are counted separately, so that the number of metrics is the sum of both and not the product.
    """
    for provider, told in _told(deliveries, outcomes).items():
        logger().info("crawls", extra={"provider": provider, "crawls": told})
    ages = _ages(deliveries, now)
    for provider in {provider for _, provider in outcomes}:
        of_provider = [one for (_, name), one in outcomes.items() if name == provider]
        shut = any(_is_shut(provider, *one) for one in breakers.items())
        waits = [one.place - now for one in of_provider if one.place is not None]
        states = {
            "BreakerOpen": int(shut),
            "LongestWait": max(waits, default=0),
            "QueueAge": max(ages[provider], default=0),
        }
        _count_provider(provider, of_provider, states)
    _count_lateness(outcomes.values())
    names = named.names(Counter(owner.tenant for owner, _ in outcomes), now=now)
    by_name: dict[str, list[Outcome]] = defaultdict(list)
    for (owner, _), one in outcomes.items():
        by_name[names[owner.tenant]].append(one)
    for name, of_name in by_name.items():
        _count_tenant(name, of_name)


def _count_provider(provider: str, outcomes: Sequence[Outcome], states: Mapping[str, int]) -> None:
    results = Counter(outcome.result for outcome in outcomes)
    new, repeated = _plays(outcomes)
    count(
        {
            "Crawled": results.pop(CrawlResult.CRAWLED, 0),
            "PlaysNew": new,
            "PlaysRepeated": repeated,
            "GapsSuspected": sum(outcome.stats.gap for outcome in outcomes),
            "ItemsRead": sum(outcome.stats.read for outcome in outcomes),
            "ItemsSkipped": sum(outcome.skipped for outcome in outcomes),
            "ItemsUnreadable": sum(outcome.stats.left_out.faults for outcome in outcomes),
            **states,
        },
        provider=provider,
    )
    measure({"Staleness": _staleness(outcomes)}, provider=provider)
    for result, number in results.items():
        count({"NotCrawled": number}, provider=provider, reason=result)
    _count_compared(provider, outcomes)
    _report_skipped(provider, outcomes)


def _count_compared(provider: str, outcomes: Iterable[Outcome]) -> None:
    """Plays that were crawled and pushed, or only one of both, of the crawls that were compared."""
    compared = [one.stats.compared for one in outcomes if one.stats.compared]
    if compared:
        count(
            {
                "PlaysCrawledAndPushed": sum(one.both for one in compared),
                "PlaysOnlyCrawled": sum(one.only_crawled for one in compared),
                "PlaysOnlyPushed": sum(one.only_pushed for one in compared),
                "PushesIncomplete": sum(one.differs for one in compared),
            },
            provider=provider,
        )


def _report_skipped(provider: str, outcomes: Iterable[Outcome]) -> None:
    """Metrics by reason, and the shape of one item of each: keys and types, no values."""
    skipped = sum((outcome.stats.left_out for outcome in outcomes), NOTHING_SKIPPED)
    for reason, number in skipped.counts.items():
        count({"ItemsSkipped": number}, provider=provider, reason=reason)
    for reason, shape in skipped.shapes.items():
        told = {"provider": provider, "reason": reason, "shape": shape}
        logger().warning("item skipped", extra=told)


def _count_lateness(outcomes: Iterable[Outcome]) -> None:
    judged = _staleness(outcomes)
    late = sum(seconds > LATE_SECONDS for seconds in judged)
    count({"CrawlsJudged": len(judged), "CrawlsLate": late})
    measure({"Staleness": judged})


def _count_tenant(tenant: str, outcomes: Sequence[Outcome]) -> None:
    crawled = sum(one.result is CrawlResult.CRAWLED for one in outcomes)
    plays = sum(one.plays for one in outcomes)
    left = len(outcomes) - crawled
    count({"Crawled": crawled, "Plays": plays, "NotCrawled": left}, tenant=tenant)


def _ages(deliveries: Iterable[Delivery], now: int) -> Mapping[str, list[int]]:
    """By provider, how late each crawl is (seconds)."""
    ages: dict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        job = delivery.job
        ages[job.provider].append(now - max(job.at, job.not_before))
    return ages


def _told(deliveries: Iterable[Delivery], outcomes: Outcomes) -> dict[str, list[list[object]]]:
    lines: dict[str, list[list[object]]] = defaultdict(list)
    for delivery in deliveries:
        job = delivery.job
        one = outcomes[job.owner, job.provider]
        told = [job.correlation, one.result, one.plays, one.skipped, one.stats.chunk]
        lines[job.provider].append(told)
    return lines


def _staleness(outcomes: Iterable[Outcome]) -> list[float]:
    return [one.stats.staleness for one in outcomes if one.stats.staleness is not None]


def _plays(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """New and repeated plays. A crawl that lost the version race counts as repeated."""
    plays = repeated = 0
    for one in outcomes:
        plays += one.plays
        repeated += one.plays if one.result is CrawlResult.LOST_RACE else one.stats.repeated
    return plays - repeated, repeated


def _is_shut(provider: str, app: str, breaker: Breaker) -> bool:
    return app.partition("#")[0] == provider and not breaker.closed
