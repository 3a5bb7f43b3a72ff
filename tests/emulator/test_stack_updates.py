"""What a team changes on a stage reaches its resources, and can be taken back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.emulator.process import EmulatorProcess
from tests.emulator.stage import Stage, Template, changed
from tests.synthesis import context

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("stack updates")]

DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "unchanged"}
STAGE = "local"


@pytest.fixture(scope="module")
def stage(emulator: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(emulator.url, tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def declared() -> dict[str, Any]:
    return context("local")


@pytest.fixture(scope="module")
def templates(stage: Stage, declared: dict[str, Any]) -> dict[str, Template]:
    return stage.synthesise(declared)


@pytest.fixture(autouse=True)
def deployed(stage: Stage, templates: dict[str, Template]) -> Iterator[None]:
    """As declared before each test, and taken back to it afterwards."""
    assert set(stage.deploy(templates).values()) <= DONE
    before = _queues(stage)
    yield
    assert set(stage.deploy(templates).values()) <= DONE
    assert _queues(stage) == before


def _queues(stage: Stage) -> set[str]:
    return set(stage.client("sqs").list_queues(MaxResults=1000)["QueueUrls"])


def _copy(declared: dict[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(declared))
    return copied


def test_a_provider_is_added_and_removed(stage: Stage, declared: dict[str, Any]) -> None:
    more, before = _copy(declared), _queues(stage)
    more["providers"]["second"] = more["providers"]["partner"]
    assert set(stage.deploy(stage.synthesise(more)).values()) <= DONE
    added = [url.rpartition("/")[2] for url in _queues(stage) - before]
    assert added
    assert all("second" in name.lower() for name in added)


def test_a_providers_concurrency_is_changed(stage: Stage, declared: dict[str, Any]) -> None:
    other = _copy(declared)
    other["stages"][STAGE]["max_concurrency"] = 3
    assert set(stage.deploy(stage.synthesise(other)).values()) <= DONE
    mappings = stage.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    crawling = [one for one in mappings if "Crawl" in one["FunctionArn"]]
    assert {one["ScalingConfig"]["MaximumConcurrency"] for one in crawling} == {3}


def test_a_functions_memory_is_changed(stage: Stage, templates: dict[str, Template]) -> None:
    larger = changed(
        templates, "AWS::Lambda::Function", lambda properties: properties.update(MemorySize=1769)
    )
    assert set(stage.deploy(larger).values()) <= DONE
    functions = stage.client("lambda")
    for name in stage.names("AWS::Lambda::Function").values():
        assert functions.get_function_configuration(FunctionName=name)["MemorySize"] == 1769


def test_a_tables_setting_is_changed(stage: Stage, templates: dict[str, Template]) -> None:
    protected = changed(
        templates,
        "AWS::DynamoDB::Table",
        lambda properties: properties.update(DeletionProtectionEnabled=True),
    )
    before = stage.names("AWS::DynamoDB::Table")
    assert set(stage.deploy(protected).values()) <= DONE
    assert stage.names("AWS::DynamoDB::Table") == before
    for name in before.values():
        table = stage.client("dynamodb").describe_table(TableName=name)["Table"]
        assert table["DeletionProtectionEnabled"]


def test_a_flag_is_changed(stage: Stage, declared: dict[str, Any]) -> None:
    other = _copy(declared)
    other["stages"][STAGE]["flags"] = {"adaptive_crawls": False}
    assert set(stage.deploy(stage.synthesise(other)).values()) <= DONE
    functions = stage.client("lambda")
    read = [
        json.loads(variables["FLAGS"])
        for name in stage.names("AWS::Lambda::Function").values()
        if "FLAGS" in (variables := _environment(functions, name))
    ]
    assert read
    assert all(flags == {"adaptive_crawls": False} for flags in read)


def _environment(functions: Any, name: str) -> dict[str, str]:
    found = functions.get_function_configuration(FunctionName=name).get("Environment", {})
    variables: dict[str, str] = found.get("Variables", {})
    return variables
