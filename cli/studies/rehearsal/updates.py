"""Every kind of change to a deployed stage: it reaches the resources, and no data is lost."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cli.studies.rehearsal.data import Kept, lost
from cli.studies.rehearsal.stage import DONE, Stage, Templates, changed
from infra_cdk import outputs

Context = dict[str, Any]
SECOND = "second"
"""The provider that is added and removed."""
MEMORY = 1769
"""MB."""
CONCURRENCY = 3
FLAGS = {"adaptive_crawls": False}
TABLE = "Blocks"
LEAST = 5
"""Units of its provisioned capacity."""


@dataclass(frozen=True)
class Target:
    """A stage as it is deployed first; `context` is that of cdk.json for the stage `name`."""

    stage: Stage
    name: str
    context: Context
    templates: Templates

    @property
    def stateful(self) -> str:
        return outputs.stateful_stack(self.name)

    @property
    def stateless(self) -> str:
        return outputs.stateless_stack(self.name)

    @cached_property
    def with_provider(self) -> Templates:
        context = _copy(self.context)
        context["providers"][SECOND] = context["providers"]["partner"]
        return self.stage.synthesise(context)

    def with_setting(self, setting: str, value: Any) -> Templates:
        """The templates with another value of a field of the stage."""
        context = _copy(self.context)
        context["stages"][self.name][setting] = value
        return self.stage.synthesise(context)


@dataclass(frozen=True, slots=True)
class Update:
    """`templates` makes those of the update; `reached` is whether the resources are as it says."""

    name: str
    templates: Callable[[Target], Templates]
    reached: Callable[[Target], bool]


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did, and what it lost of the data, by the time it was taken back as well."""

    update: str
    statuses: Mapping[str, str]
    reached: bool
    taken_back: Mapping[str, str]
    lost: Sequence[str]

    @property
    def holds(self) -> bool:
        done = {*self.statuses.values(), *self.taken_back.values()} <= DONE
        return done and self.reached and not self.lost


def updated(target: Target, update: Update, data: Sequence[Kept]) -> Updated:
    """Make the update on the deployed stage and take it back. `data` is what was put into it."""
    statuses = target.stage.deploy(update.templates(target))
    reached = update.reached(target)
    missing = lost(data)
    taken_back = target.stage.deploy(target.templates)
    return Updated(update.name, statuses, reached, taken_back, [*missing, *lost(data)])


def _copy(context: Mapping[str, Any]) -> Context:
    copied: Context = json.loads(json.dumps(context))
    return copied


def _has_provider(target: Target) -> bool:
    names = [*target.stage.names("AWS::SQS::Queue"), *target.stage.names("AWS::Lambda::Function")]
    return any(SECOND in name.lower() for name in names)


def _without_provider(target: Target) -> Templates:
    """Deployed with the provider first."""
    target.stage.deploy(target.with_provider)
    return target.templates


def _has_concurrency(target: Target) -> bool:
    functions = target.stage.client("lambda", target.stateless)
    mappings = functions.list_event_source_mappings()["EventSourceMappings"]
    crawling = [one for one in mappings if "Crawl" in one["FunctionArn"]]
    return {one["ScalingConfig"]["MaximumConcurrency"] for one in crawling} == {CONCURRENCY}


def _with_memory(target: Target) -> Templates:
    return changed(
        target.templates,
        "AWS::Lambda::Function",
        lambda properties: properties.update(MemorySize=MEMORY),
    )


def _has_memory(target: Target) -> bool:
    return {one["MemorySize"] for one in _functions(target)} == {MEMORY}


def _with_capacity(target: Target) -> Templates:
    units = {"least": LEAST, "most": 10 * LEAST}
    return target.with_setting("provisioned", {TABLE: {"read": units, "write": units}})


def _has_capacity(target: Target) -> bool:
    tables = target.stage.names("AWS::DynamoDB::Table", target.stateful)
    (table,) = (table for name, table in tables.items() if name.startswith(TABLE))
    client = target.stage.client("dynamodb", target.stateful)
    units = client.describe_table(TableName=table)["Table"]["ProvisionedThroughput"]
    return (units["ReadCapacityUnits"], units["WriteCapacityUnits"]) == (LEAST, LEAST)


def _has_flags(target: Target) -> bool:
    """In AppConfig, or on the local stack in the functions' variables."""
    found = [*_flags_of_appconfig(target), *_flags_of_functions(target)]
    return bool(found) and all(one == FLAGS for one in found)


def _flags_of_appconfig(target: Target) -> Iterator[dict[str, bool]]:
    client = target.stage.client("appconfig", target.stateless)
    for application in target.stage.names("AWS::AppConfig::Application").values():
        for profile in target.stage.names("AWS::AppConfig::ConfigurationProfile").values():
            of = {"ApplicationId": application, "ConfigurationProfileId": profile}
            versions = client.list_hosted_configuration_versions(**of)["Items"]
            newest = max(one["VersionNumber"] for one in versions)
            found = client.get_hosted_configuration_version(**of, VersionNumber=newest)
            declared = json.loads(found["Content"].read())
            yield {name: one["default"] for name, one in declared.items()}


def _flags_of_functions(target: Target) -> Iterator[dict[str, bool]]:
    for one in _functions(target):
        flags = one.get("Environment", {}).get("Variables", {}).get("FLAGS", "")
        if flags.startswith("{"):
            yield json.loads(flags)


def _functions(target: Target) -> Iterator[Any]:
    client = target.stage.client("lambda", target.stateless)
    for name in target.stage.names("AWS::Lambda::Function", target.stateless).values():
        yield client.get_function_configuration(FunctionName=name)


def _with_events(target: Target) -> Templates:
    """With the events of the first tenant switched to what they are not."""
    context = _copy(target.context)
    tenant = next(iter(context["stages"][target.name]["tenants"].values()))
    tenant["events"] = not tenant.get("events", False)
    return target.stage.synthesise(context)


def _has_other_events(target: Target) -> bool:
    declared = next(iter(target.context["stages"][target.name]["tenants"].values()))
    return bool(target.stage.names("AWS::Events::EventBus")) != bool(declared.get("events"))


UPDATES = (
    Update("a provider is added", lambda target: target.with_provider, _has_provider),
    Update("a provider is removed", _without_provider, lambda target: not _has_provider(target)),
    Update(
        "a provider is changed",
        lambda target: target.with_setting("max_concurrency", CONCURRENCY),
        _has_concurrency,
    ),
    Update("a function is changed", _with_memory, _has_memory),
    Update("a table is changed", _with_capacity, _has_capacity),
    Update("a flag is changed", lambda target: target.with_setting("flags", FLAGS), _has_flags),
    Update("a tenant's events are switched", _with_events, _has_other_events),
)
