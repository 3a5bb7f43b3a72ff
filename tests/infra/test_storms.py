"""Storms blow through what is deployed: the queues and streams of `topk chaos` are those of the
template.
"""

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


def test_a_crawl_is_received_and_hidden_as_it_is_when_deployed() -> None:
    attempts = int(functions("aws")["crawl"]["Environment"]["Variables"]["MAX_ATTEMPTS"])
    queue = _queue(CRAWL_QUEUE)
    assert queue["RedrivePolicy"]["maxReceiveCount"] == attempts + RECEIVES_BEYOND_ATTEMPTS
    assert queue["VisibilityTimeout"] == VISIBILITY_SECONDS


def test_an_erasure_is_received_and_hidden_as_it_is_when_deployed() -> None:
    queue = _queue(outputs.ERASURE_QUEUE)
    assert queue["RedrivePolicy"]["maxReceiveCount"] == ERASURE_RECEIVES
    assert queue["VisibilityTimeout"] == ERASURE_VISIBILITY_SECONDS


def test_erasures_are_swept_up_as_late_as_they_are_when_deployed() -> None:
    swept = {
        one["Environment"]["Variables"]["ERASURE_SWEEP_SECONDS"]
        for one in functions("aws").values()
        if "ERASURE_SWEEP_SECONDS" in one["Environment"]["Variables"]
    }
    assert swept == {str(SWEEP_SECONDS)}


def test_lists_are_gathered_before_they_are_told_as_they_are_when_deployed() -> None:
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
