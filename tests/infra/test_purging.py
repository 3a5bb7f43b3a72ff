"""The weekly purge of the archive: its start, and its failures."""

import json

import pytest

from tests.infra.templates import called, pointed_at, properties, stateless
from tests.synthesis import Target

TARGETS = pytest.mark.parametrize("target", ["local", "aws"])


@TARGETS
def test_a_message_starts_a_pass_every_week(target: Target) -> None:
    rules = properties(stateless(target), "Events::Rule").values()
    (weekly,) = [one for one in rules if one["ScheduleExpression"] == "rate(7 days)"]
    (to,) = weekly["Targets"]
    assert pointed_at(to["Arn"]) == "PurgeQueue"
    assert pointed_at(to["DeadLetterConfig"]["Arn"]) == "PurgePurgeDeadLetters"
    (path,) = to["InputTransformer"]["InputPathsMap"].values()
    assert path == "$.time"
    assert json.loads(to["InputTransformer"]["InputTemplate"].replace("<", '"').replace(">", '"'))


@TARGETS
def test_pieces_arrive_one_by_one_and_failed_ones_are_kept(target: Target) -> None:
    mappings = properties(stateless(target), "Lambda::EventSourceMapping").values()
    (mapping,) = [one for one in mappings if pointed_at(one["EventSourceArn"]) == "PurgeQueue"]
    assert called(mapping["FunctionName"]) == "FunctionPurge"
    assert mapping["BatchSize"] == 1
    queues = properties(stateless(target), "SQS::Queue")
    (queue,) = [one for name, one in queues.items() if name.startswith("PurgeQueue")]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 10
    dead = pointed_at(queue["RedrivePolicy"]["deadLetterTargetArn"])
    assert dead == "PurgePurgeDeadLetters"
    if target == "aws":
        assert queue["VisibilityTimeout"] == 6 * 900
