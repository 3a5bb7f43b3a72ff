"""The stream of Plays in front of the archive function."""

from collections import Counter
from typing import Any

import pytest

from tests.infra.stream_filters import passes
from tests.infra.templates import called, pointed_at, properties, stateless
from tests.synthesis import Target

TARGETS = pytest.mark.parametrize("target", ["local", "aws"])


def _mappings(target: Target) -> list[dict[str, Any]]:
    return [
        one
        for one in properties(stateless(target), "Lambda::EventSourceMapping").values()
        if pointed_at(one["EventSourceArn"]).endswith(".stream")
    ]


def _mapping(target: Target) -> dict[str, Any]:
    (found,) = [
        one for one in _mappings(target) if called(one["FunctionName"]) == "FunctionArchive"
    ]
    assert pointed_at(found["EventSourceArn"]) == "Plays.stream"
    return found


@TARGETS
def test_expired_and_deleted_rows_do_not_reach_the_function(target: Target) -> None:
    mapping = _mapping(target)
    assert passes(mapping, "INSERT", "1795348800#spotify#fake0000crawl")
    assert passes(mapping, "INSERT", "~1795348800#fake")
    for key in ("1795348800#spotify#fake", "~k", "!1795348800#spotify#fake"):
        assert not passes(mapping, "REMOVE", key, expired=True)


@TARGETS
def test_compacted_chunks_are_archived_only_as_the_chunks_they_were(target: Target) -> None:
    assert not passes(_mapping(target), "INSERT", "!1795348800#spotify#fake")


@TARGETS
def test_no_shard_has_more_readers_than_a_stream_allows(target: Target) -> None:
    readers = Counter(pointed_at(one["EventSourceArn"]) for one in _mappings(target))
    assert max(readers.values()) == 2


@TARGETS
def test_a_repeated_batch_starts_with_the_same_record(target: Target) -> None:
    """The first record names the file, so batches are never split or partly retried."""
    mapping = _mapping(target)
    assert "FunctionResponseTypes" not in mapping
    assert not mapping.get("BisectBatchOnFunctionError")
    assert mapping.get("ParallelizationFactor", 1) == 1


@TARGETS
def test_a_batch_that_fails_for_hours_is_recorded_and_skipped(
    target: Target,
) -> None:
    mapping = _mapping(target)
    assert mapping["MaximumRecordAgeInSeconds"] == 6 * 3600
    failed = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert pointed_at(failed) == "StreamDeadLetters"


@pytest.mark.parametrize(("target", "seconds"), [("local", 5), ("aws", 300)])
def test_batches_are_as_large_as_possible_on_aws_and_immediate_locally(
    target: Target, seconds: int
) -> None:
    mapping = _mapping(target)
    assert mapping["BatchSize"] == 10_000
    assert mapping["MaximumBatchingWindowInSeconds"] == seconds
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
