"""The stream of Plays in front of the aggregate function."""

from typing import Any

import pytest

from tests.infra.stream_filters import passes
from tests.infra.templates import called, pointed_at, properties, stateless
from tests.synthesis import Target

TARGETS = pytest.mark.parametrize("target", ["local", "aws"])


@TARGETS
@pytest.mark.parametrize(
    ("event", "key", "reaches"),
    [
        ("INSERT", "1795348800#spotify#fake0000crawl", True),
        ("INSERT", "~1795348800#fake", True),
        ("INSERT", "~c1795348800#fake", True),
        ("INSERT", "~h1795348800#fake", True),
        ("INSERT", "!1795348800#spotify#fake", False),
        ("INSERT", "~k", False),
        ("MODIFY", "~k", False),
        ("REMOVE", "~k", False),
        ("REMOVE", "1795348800#spotify#fake0000crawl", False),
    ],
)
def test_new_chunks_and_markers_reach_the_function_and_compacted_chunks_do_not(
    target: Target, event: str, key: str, reaches: bool
) -> None:
    assert passes(_mapping(target), event, key) is reaches


@TARGETS
def test_of_what_expires_only_the_marker_of_compaction_reaches_the_function(
    target: Target,
) -> None:
    mapping = _mapping(target)
    assert passes(mapping, "REMOVE", "~k", expired=True)
    assert not passes(mapping, "REMOVE", "1795348800#spotify#fake", expired=True)
    assert not passes(mapping, "REMOVE", "!1795348800#spotify#fake", expired=True)


@TARGETS
def test_a_failing_record_is_isolated_retried_and_finally_kept(target: Target) -> None:
    mapping = _mapping(target)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping.get("MaximumRetryAttempts", -1) == -1
    assert mapping["MaximumRecordAgeInSeconds"] == 6 * 3600
    failed = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert pointed_at(failed) == "StreamDeadLetters"


@TARGETS
def test_no_chunk_written_before_the_mapping_is_missed(target: Target) -> None:
    assert _mapping(target)["StartingPosition"] == "TRIM_HORIZON"


def test_on_aws_chunks_are_batched_and_a_shard_is_processed_in_parallel() -> None:
    mapping = _mapping("aws")
    assert mapping["MaximumBatchingWindowInSeconds"] == 60
    assert mapping["ParallelizationFactor"] == 2


def test_locally_a_list_follows_its_plays_within_a_second() -> None:
    assert _mapping("local")["MaximumBatchingWindowInSeconds"] == 1


def _mapping(target: Target) -> dict[str, Any]:
    mappings = properties(stateless(target), "Lambda::EventSourceMapping").values()
    (found,) = [
        one
        for one in mappings
        if pointed_at(one["EventSourceArn"]) == "Plays.stream"
        and called(one["FunctionName"]) == "FunctionAggregate"
    ]
    return found
