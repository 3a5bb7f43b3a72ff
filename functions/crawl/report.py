"""What a batch of crawls came to, as log lines and metrics."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from topk.domain.breaker import Breaker
from topk.runtime.observability import count, logger
from topk.usecases.crawl import Outcomes
from topk.usecases.settle_crawls import Delivery


def report(
    deliveries: Iterable[Delivery],
    outcomes: Outcomes,
    breakers: Mapping[str, Breaker],
    *,
    now: int,
) -> None:
    """One line for each provider of a batch; metrics by provider and by what became of its crawls,
    and by tenant.

    The line has for each crawl [correlation, owner, outcome, plays, items skipped]: a line of its
    own would be four times as long, at 70 million a day. BreakerOpen counts batches that found an
    app at the provider shut; LongestWait (seconds) is how far its budget is booked ahead. Tenants
    and providers are counted apart: the number of metrics is the sum of both, never the product.
    """
    for provider, told in _told(deliveries, outcomes).items():
        logger().info("crawls", extra={"provider": provider, "crawls": told})
    for provider in {provider for _, provider in outcomes}:
        of_provider = [one for (_, name), one in outcomes.items() if name == provider]
        reasons = Counter(outcome.reason for outcome in of_provider)
        crawled = reasons.pop("crawled", 0)
        waits = [one.place - now for one in of_provider if one.place is not None]
        count(
            {
                "Crawled": crawled,
                "Plays": sum(outcome.plays for outcome in of_provider),
                "ItemsSkipped": sum(outcome.skipped for outcome in of_provider),
                "BreakerOpen": int(any(_is_shut(provider, *one) for one in breakers.items())),
                "LongestWait": max(waits, default=0),
            },
            provider=provider,
        )
        for reason, number in reasons.items():
            count({"NotCrawled": number}, provider=provider, reason=reason)
    for tenant in {owner.tenant for owner, _ in outcomes}:
        of_tenant = [one for (owner, _), one in outcomes.items() if owner.tenant == tenant]
        crawled = sum(one.reason == "crawled" for one in of_tenant)
        plays = sum(one.plays for one in of_tenant)
        left = len(of_tenant) - crawled
        count({"Crawled": crawled, "Plays": plays, "NotCrawled": left}, tenant=tenant)


def _told(deliveries: Iterable[Delivery], outcomes: Outcomes) -> dict[str, list[list[object]]]:
    lines: dict[str, list[list[object]]] = defaultdict(list)
    for delivery in deliveries:
        job = delivery.job
        one = outcomes[job.owner, job.provider]
        told = [job.correlation, job.owner.key, one.reason, one.plays, one.skipped]
        lines[job.provider].append(told)
    return lines


def _is_shut(provider: str, app: str, breaker: Breaker) -> bool:
    return app.partition("#")[0] == provider and not breaker.closed
