"""Queue batch -> provider APIs -> Plays."""

from collections.abc import Mapping
from typing import Any

from functions.crawl.report import report
from functions.crawl.wiring import Crawling, crawling
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count_by_version
from topk.usecases.crawling.admit_crawls import Admission, admit_crawls
from topk.usecases.crawling.crawl import crawl, look_up
from topk.usecases.crawling.outcome import Outcomes
from topk.usecases.crawling.route_messages import Message, receive_crawls, route_messages
from topk.usecases.crawling.update_breakers import update_breakers


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    begin_invocation()
    parts = crawling()
    received = max(_received(record) for record in event["Records"])
    messages = [_message(record, parts) for record in event["Records"]]
    now = parts.now(received)
    deliveries = list(
        receive_crawls(messages, queues=parts.queues, connections=parts.ports.connections, now=now)
    )
    budgets, budget_of, app_of = parts.budgets, parts.settings.budget_of, parts.settings.app_of
    admission = admit_crawls(
        deliveries,
        budgets=budgets,
        budget_of=budget_of,
        app_of=app_of,
        is_suspended=parts.settings.tenants.is_suspended,
        look_up=lambda jobs, short: look_up(jobs, parts.ports, now=received, short=short),
        now=now,
    )
    crawled = parts.runner.run(_crawl(parts, admission, received))
    now = parts.now(received)
    outcomes = update_breakers(
        admission, crawled, budgets=budgets, budget_of=budget_of, app_of=app_of, now=now
    )
    report(deliveries, outcomes, admission.breakers, parts.named, now=now)
    route_messages(
        deliveries, outcomes, queues=parts.queues, max_attempts=parts.settings.max_attempts, now=now
    )
    failed = sum(outcome.failure is not None for outcome in outcomes.values())
    count_by_version({"Handled": len(messages), "Failed": failed})
    return {"batchItemFailures": []}


async def _crawl(parts: Crawling, admission: Admission, now: int) -> Outcomes:
    try:
        return await crawl(
            [delivery.job for delivery in admission.admitted],
            parts.ports,
            now=now,
            troubled=admission.troubled,
            needed=admission.needed,
        )
    finally:
        await parts.http.close()


def _received(record: Mapping[str, Any]) -> int:
    """When the message was first received (epoch seconds); the same for each attempt."""
    return int(record["attributes"]["ApproximateFirstReceiveTimestamp"]) // 1000


def _message(record: Mapping[str, Any], parts: Crawling) -> Message:
    return Message(
        message_id=record["messageId"],
        receipt=record["receiptHandle"],
        body=record["body"],
        attempt=int(record["attributes"]["ApproximateReceiveCount"]),
        provider=parts.provider_of(record["eventSourceARN"]),
    )
