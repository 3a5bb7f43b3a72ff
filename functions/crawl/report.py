"""What a batch of crawls came to, as log lines and metrics."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from topk.domain.breaker import Breaker
from topk.runtime.observability import count, logger, measure
from topk.usecases.crawl import Outcome, Outcomes
from topk.usecases.settle_crawls import Delivery

LATE_SECONDS = 26 * 3600


def report(
    deliveries: Sequence[Delivery],
    outcomes: Outcomes,
    breakers: Mapping[str, Breaker],
    *,
    now: int,
) -> None:
    """One line for each provider of a batch; metrics by provider and by what became of its crawls,
    and by tenant.

    The line has for each crawl [correlation, outcome, plays, items skipped, id of the chunk]: a
    line of its own would be four times as long, at 70 million a day. BreakerOpen counts
    batches that found an app at the provider shut; LongestWait (seconds) is how far its budget is
    booked ahead, QueueAge how long ago the turn of the oldest crawl had come. Tenants and providers
    are counted apart: the number of metrics is the sum of both, never the product.
    """
    turns = defaultdict(list)
    for delivery in deliveries:
        job = delivery.job
        turns[job.provider].append(now - max(job.at, job.not_before))
    for provider, told in _told(deliveries, outcomes).items():
        logger().info("crawls", extra={"provider": provider, "crawls": told})
    for provider in {provider for _, provider in outcomes}:
        of_provider = [one for (_, name), one in outcomes.items() if name == provider]
        reasons = Counter(outcome.reason for outcome in of_provider)
        crawled = reasons.pop("crawled", 0)
        waits = [one.place - now for one in of_provider if one.place is not None]
        new, repeated = _plays(of_provider)
        count(
            {
                "Crawled": crawled,
                "PlaysNew": new,
                "PlaysRepeated": repeated,
                "GapsSuspected": sum(outcome.facts.gap for outcome in of_provider),
                "ItemsSkipped": sum(outcome.skipped for outcome in of_provider),
                "BreakerOpen": int(any(_is_shut(provider, *one) for one in breakers.items())),
                "LongestWait": max(waits, default=0),
                "QueueAge": max(turns[provider], default=0),
            },
            provider=provider,
        )
        measure({"Staleness": _staleness(of_provider)}, provider=provider)
        for reason, number in reasons.items():
            count({"NotCrawled": number}, provider=provider, reason=reason)
    judged = _staleness(outcomes.values())
    late = sum(seconds > LATE_SECONDS for seconds in judged)
    count({"CrawlsJudged": len(judged), "CrawlsLate": late})
    measure({"Staleness": judged})
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
        told = [job.correlation, one.reason, one.plays, one.skipped, one.facts.chunk]
        lines[job.provider].append(told)
    return lines


def _staleness(outcomes: Iterable[Outcome]) -> list[float]:
    return [one.facts.staleness for one in outcomes if one.facts.staleness is not None]


def _plays(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """New plays and repeated ones. What was overtaken was written by the other crawl too."""
    told = [(one.plays, one.plays if one.reason == "overtaken" else one.facts.repeated)
            for one in outcomes]  # fmt: skip
    repeated = sum(twice for _, twice in told)
    return sum(plays for plays, _ in told) - repeated, repeated


def _is_shut(provider: str, app: str, breaker: Breaker) -> bool:
    return app.partition("#")[0] == provider and not breaker.closed
