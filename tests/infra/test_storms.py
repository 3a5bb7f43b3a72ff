"""The queues and streams of `topk chaos` have the deployed settings, read from the template."""

from typing import Any

from cli.in_memory.cloud import (
    ANNOUNCING,
    ERASURE_RECEIVES,
    ERASURE_VISIBILITY_SECONDS,
    RECEIVES_BEYOND_ATTEMPTS,
)
from cli.in_memory.environment import SWEEP_SECONDS
from cli.in_memory.queue_source import VISIBILITY_SECONDS
from infra_cdk import outputs
from tests.infra.templates import functions, pointed_at, properties, stateful, stateless

CRAWL_QUEUE = outputs.queue("spotify")


def test_storms_receive_and_hide_crawls_as_deployed() -> None:
    attempts = int(functions("aws")["crawl"]["Environment"]["Variables"]["MAX_ATTEMPTS"])
    queue = _queue(CRAWL_QUEUE)
    assert queue["RedrivePolicy"]["maxReceiveCount"] == attempts + RECEIVES_BEYOND_ATTEMPTS
    assert queue["VisibilityTimeout"] == VISIBILITY_SECONDS


def test_storms_receive_and_hide_erasures_as_deployed() -> None:
    queue = _queue(outputs.ERASURE_QUEUE)
    assert queue["RedrivePolicy"]["maxReceiveCount"] == ERASURE_RECEIVES
    assert queue["VisibilityTimeout"] == ERASURE_VISIBILITY_SECONDS


def test_storms_sweep_erasures_after_the_deployed_delay() -> None:
    swept = {
        one["Environment"]["Variables"]["ERASURE_SWEEP_SECONDS"]
        for one in functions("aws").values()
        if "ERASURE_SWEEP_SECONDS" in one["Environment"]["Variables"]
    }
    assert swept == {str(SWEEP_SECONDS)}


def test_storms_batch_lists_before_announcing_as_deployed() -> None:
    (window, _), _, _ = ANNOUNCING
    mappings = properties(stateless("aws"), "Lambda::EventSourceMapping").values()
    assert [
        one["MaximumBatchingWindowInSeconds"]
        for one in mappings
        if pointed_at(one["EventSourceArn"]) == "TopLists.stream"
    ] == [window]


def _queue(name: str) -> dict[str, Any]:
    queues = properties(stateless("aws"), "SQS::Queue") | properties(stateful("aws"), "SQS::Queue")
    (found,) = (queue for logical_id, queue in queues.items() if logical_id[:-8] == name)
    return found
