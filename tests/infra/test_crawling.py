"""The crawl queues and their one consumer."""

from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.config import deployments
from tests.infra.templates import called, functions, of_type, pointed_at, properties, stateless
from tests.synthesis import Target, context

PROVIDERS = ("spotify", "apple_music", "youtube", "lastfm", "listenbrainz", "partner")
TARGETS = pytest.mark.parametrize("target", ["local", "aws"])

CRAWLS_PER_SECOND = 270
"""Of a large provider: a third of 70M crawls a day."""
MOST_IN_FLIGHT = 120_000
"""Of a standard queue.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""


@TARGETS
def test_each_provider_has_a_queue_and_a_dead_letter_queue(target: Target) -> None:
    redrive = {
        name[:-8]: pointed_at(queue["RedrivePolicy"]["deadLetterTargetArn"])
        for name, queue in properties(stateless(target), "SQS::Queue").items()
        if "RedrivePolicy" in queue and name.startswith("Queue")
    }
    assert redrive == {outputs.queue(one): outputs.dead_letters(one) for one in PROVIDERS}


@TARGETS
def test_a_message_stays_hidden_until_the_function_has_timed_out(target: Target) -> None:
    attempts = int(functions(target)["crawl"]["Environment"]["Variables"]["MAX_ATTEMPTS"])
    for queue in _queues(target).values():
        assert queue["RedrivePolicy"]["maxReceiveCount"] > attempts


@TARGETS
def test_queues_keep_messages_for_the_maximum_retention(target: Target) -> None:
    for queue in _queues(target).values():
        assert queue["MessageRetentionPeriod"] == 14 * 86_400


def test_on_aws_a_batch_of_a_failed_function_returns_soon() -> None:
    """Not before the function has timed out, and before hidden messages reach SQS's limit."""
    for queue in _queues("aws").values():
        hidden = queue["VisibilityTimeout"]
        assert 2 * functions("aws")["crawl"]["Timeout"] <= hidden
        assert hidden * CRAWLS_PER_SECOND < 0.8 * MOST_IN_FLIGHT


def test_locally_a_batch_stays_hidden_as_long_as_its_function_may_run() -> None:
    for queue in _queues("local").values():
        assert queue["VisibilityTimeout"] == functions("local")["crawl"]["Timeout"] == 30


@TARGETS
def test_the_mappings_report_failures_per_message(target: Target) -> None:
    for mapping in _mappings(target).values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert called(mapping["FunctionName"]) == "FunctionCrawl"


@TARGETS
def test_each_provider_is_crawled_at_its_own_concurrency(target: Target) -> None:
    deployment = deployments(context(target))[-1]
    assert {
        queue: mapping["ScalingConfig"]["MaximumConcurrency"]
        for queue, mapping in _mappings(target).items()
    } == {outputs.queue(one): deployment.max_concurrency(one) for one in PROVIDERS}


def test_a_batch_above_ten_has_the_window_that_lambda_requires() -> None:
    for mapping in _mappings("aws").values():
        assert mapping["BatchSize"] <= 10 or mapping["MaximumBatchingWindowInSeconds"] >= 1


def test_locally_a_crawl_does_not_wait_for_a_batch() -> None:
    for mapping in _mappings("local").values():
        assert mapping["MaximumBatchingWindowInSeconds"] == 0


def _queues(target: Target) -> dict[str, dict[str, Any]]:
    found = properties(stateless(target), "SQS::Queue")
    return {
        name: queue
        for name, queue in found.items()
        if "RedrivePolicy" in queue and name.startswith("Queue")
    }


def _mappings(target: Target) -> dict[str, dict[str, Any]]:
    mappings = of_type(stateless(target), "Lambda::EventSourceMapping").values()
    by_source = {
        pointed_at(one["Properties"]["EventSourceArn"]): one["Properties"] for one in mappings
    }
    return {source: one for source, one in by_source.items() if source.startswith("Queue")}
