"""The minute rule in front of the dispatch function."""

from typing import Any

import pytest

from tests.infra.templates import called, pointed_at, properties, stateless
from tests.synthesis import Target

pytestmark = pytest.mark.parametrize("target", ["local", "aws"])


def test_dispatch_runs_every_minute_with_the_original_event(target: Target) -> None:
    rule = _minute(target)
    assert rule["State"] == "ENABLED"
    (aim,) = rule["Targets"]
    assert called(aim["Arn"]) == "FunctionDispatch"
    # Dispatch reads the event's own time.
    assert not aim.keys() & {"Input", "InputPath", "InputTransformer"}


def test_a_minute_that_cannot_be_delivered_is_kept(target: Target) -> None:
    (aim,) = _minute(target)["Targets"]
    assert pointed_at(aim["DeadLetterConfig"]["Arn"]) == "ScheduleScheduleDeadLetters"
    assert aim["RetryPolicy"] == {"MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 2}


def test_a_minute_that_fails_is_kept(target: Target) -> None:
    (config,) = properties(stateless(target), "Lambda::EventInvokeConfig").values()
    assert called(config["FunctionName"]) == "FunctionDispatch"
    kept = config["DestinationConfig"]["OnFailure"]["Destination"]
    assert pointed_at(kept) == "ScheduleScheduleDeadLetters"
    assert config["MaximumRetryAttempts"] == 2


def _minute(target: Target) -> dict[str, Any]:
    rules = properties(stateless(target), "Events::Rule").values()
    (found,) = [one for one in rules if one["ScheduleExpression"] == "rate(1 minute)"]
    return found
