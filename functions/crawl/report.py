"""What a batch of crawls came to, as log lines and metrics."""

from collections import Counter
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
    """One line for each crawl; metrics by provider and by what became of it.

    BreakerOpen counts batches that found the provider's app shut; LongestWait (seconds) is how far
    its budget is booked ahead.
    """
    for delivery in deliveries:
        job = delivery.job
        outcome = outcomes[job.owner, job.provider]
        logger().info(
            "crawl",
            extra={
                "correlation_id": job.correlation,
                "owner": job.owner.key,
                "provider": job.provider,
                "outcome": outcome.reason,
                "plays": outcome.plays,
                "skipped": outcome.skipped,
            },
        )
    for provider in {provider for _, provider in outcomes}:
        of_provider = [one for (_, name), one in outcomes.items() if name == provider]
        reasons = Counter(outcome.reason for outcome in of_provider)
        crawled = reasons.pop("crawled", 0)
        waits = [one.place - now for one in of_provider if one.place is not None]
        breaker = breakers.get(provider)
        count(
            {
                "Crawled": crawled,
                "Plays": sum(outcome.plays for outcome in of_provider),
                "ItemsSkipped": sum(outcome.skipped for outcome in of_provider),
                "BreakerOpen": int(breaker is not None and not breaker.closed),
                "LongestWait": max(waits, default=0),
            },
            provider=provider,
        )
        for reason, number in reasons.items():
            count({"NotCrawled": number}, provider=provider, reason=reason)
