"""Releases: a canary of a tenth, rollback on failure, and feature flags."""

import json

import pytest

from infra_cdk.functions.declarations import SPECS
from infra_cdk.outputs import pascal
from tests.infra.templates import functions, of_type, pointed_at, properties, stateless
from tests.synthesis import Target

BEHIND_API = {pascal(name) for name, spec in SPECS.items() if spec.behind_api}


def test_every_function_behind_the_api_has_a_canary_with_rollback_alarms() -> None:
    groups = properties(stateless("aws"), "CodeDeploy::DeploymentGroup")
    assert {name[:-8].removeprefix("Canary") for name in groups} == BEHIND_API
    for group in groups.values():
        assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        alarms = {pointed_at(one["Name"]) for one in group["AlarmConfiguration"]["Alarms"]}
        assert {name.partition("Canary")[2] for name in alarms} == {"Crashes", "Failures"}


def test_an_alias_is_moved_only_by_its_canary() -> None:
    aliases = of_type(stateless("aws"), "Lambda::Alias").values()
    assert len(aliases) == len(BEHIND_API)
    assert all("CodeDeployLambdaAliasUpdate" in alias["UpdatePolicy"] for alias in aliases)


@pytest.mark.parametrize("target", ["local", "aws"])
def test_flags_reach_only_functions_that_are_not_behind_the_api(target: Target) -> None:
    with_flags = {
        name
        for name, function in functions(target).items()
        if "FLAGS" in function["Environment"]["Variables"]
    }
    assert with_flags == {"aggregate"}


def test_flags_are_off_by_default_and_readable_only_by_name() -> None:
    (content,) = properties(stateless("aws"), "AppConfig::HostedConfigurationVersion").values()
    assert json.loads(content["Content"]) == {}
    allowed = [
        statement
        for policy in properties(stateless("aws"), "IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "appconfig" in json.dumps(statement["Action"])
    ]
    assert len(allowed) == 1
    assert "*" not in json.dumps(allowed[0]["Resource"])


def test_on_the_emulator_there_is_neither_canary_nor_appconfig() -> None:
    kinds = {one["Type"] for one in stateless("local")["Resources"].values()}
    assert not any("CodeDeploy" in kind or "AppConfig" in kind for kind in kinds)
