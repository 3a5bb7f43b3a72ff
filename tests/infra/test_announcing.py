"""Events to tenants: the stream of TopLists, the buses, and nothing without a subscribed tenant."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.config import ConfigurationError, deployments
from infra_cdk.pipelines.announcing import LIST_WINDOW
from infra_cdk.tenant import told
from tests.infra.permissions import allowed
from tests.infra.templates import called, pointed_at, properties, stateful, stateless
from tests.synthesis import Target, context
from topk.stores.tables.top_lists import WINDOW

TARGETS = pytest.mark.parametrize("target", ["local", "aws"])


def _mapping(target: Target) -> dict[str, Any]:
    mappings = properties(stateless(target), "Lambda::EventSourceMapping").values()
    (found,) = [one for one in mappings if pointed_at(one["EventSourceArn"]) == "TopLists.stream"]
    return found


@TARGETS
def test_only_written_lists_of_subscribed_tenants_reach_the_function(target: Target) -> None:
    mapping = _mapping(target)
    assert called(mapping["FunctionName"]) == "FunctionAnnounce"
    (pattern,) = [json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"]]
    assert pattern == {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {
            "Keys": {"owner": {"S": [{"prefix": "harbor#"}]}, "window": {"S": [LIST_WINDOW]}}
        },
    }


@TARGETS
def test_refused_records_are_retried_for_the_streams_retention(target: Target) -> None:
    mapping = _mapping(target)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping.get("MaximumRetryAttempts", -1) == -1
    assert mapping.get("MaximumRecordAgeInSeconds", -1) == -1
    failed = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert pointed_at(failed) == "StreamDeadLetters"


@pytest.mark.parametrize(("target", "stage"), [("local", "local"), ("aws", "production")])
def test_each_subscribed_tenant_has_its_own_bus(target: Target, stage: str) -> None:
    buses = properties(stateful(target), "Events::EventBus")
    assert [one["Name"] for one in buses.values()] == [f"topk-{stage}-harbor"]


@pytest.mark.parametrize("function", ["announce", "erase"])
def test_two_functions_put_events_and_only_on_those_buses(function: str) -> None:
    may = allowed("aws", function)
    assert {on: what for on, what in may.items() if "events:PutEvents" in what} == {
        "EventBusHarbor": {"events:PutEvents"}
    }


def _declared(**tenant: Any) -> dict[str, Any]:
    """The production stage with harbor's declaration changed by `tenant`."""
    declared = deepcopy(context("aws", stage="production"))
    harbor = declared["stages"]["production"]["tenants"]["harbor"]
    harbor.pop("events", None)
    harbor |= tenant
    return declared


def test_without_a_subscribed_tenant_nothing_is_deployed(tmp_path: Path) -> None:
    from infra_cdk.app import build

    unbundled: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    stages = deepcopy(context("local")["stages"])
    stages["local"]["tenants"]["harbor"].pop("events")
    made = build(context("local") | {"stages": stages} | unbundled, str(tmp_path)).synth()
    text = json.dumps([made.get_stack_by_name(name).template for name in _stacks()])
    assert "EventBus" not in text
    assert outputs.function("announce") not in text
    assert text.count("StreamViewType") == 1


def _stacks() -> tuple[str, str]:
    return outputs.stateful_stack("local"), outputs.stateless_stack("local")


def test_functions_find_the_bus_in_the_tenants_configuration() -> None:
    (deployment,) = deployments(_declared(events=True))
    buses = deployment.event_buses
    found = told(deployment.stage.tenants, deployment.providers, buses)
    assert {name: one["event_bus"] for name, one in found.items()} == {
        "harbor": "topk-production-harbor",
        "meadow": "",
    }


def test_anything_but_true_or_false_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"harbor.*bool.*events"):
        deployments(_declared(events="topk-bus"))


def test_the_window_of_lists_is_the_one_that_the_service_writes() -> None:
    assert LIST_WINDOW == WINDOW
