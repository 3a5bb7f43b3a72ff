"""Releases: a canary of a tenth, rollback on failure, and feature flags."""

import json
import re
from typing import Any

import numpy as np
import pytest

from infra_cdk.functions.declarations import SPECS
from infra_cdk.outputs import pascal
from tests.infra.templates import called, functions, of_type, pointed_at, properties, stateless
from tests.synthesis import Target

RELEASED = {pascal(name) for name, spec in SPECS.items() if spec.has_canary}


def test_every_function_of_requests_and_the_main_events_has_a_canary() -> None:
    groups = properties(stateless("aws"), "CodeDeploy::DeploymentGroup")
    assert {name[:-8].removeprefix("Canary") for name in groups} == RELEASED
    assert {"Read", "Connect", "Crawl", "Aggregate", "Dispatch"} <= RELEASED
    for name, group in groups.items():
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        alarms = {pointed_at(one["Name"]) for one in group["AlarmConfiguration"]["Alarms"]}
        judged = {alarm.partition("Canary")[2] for alarm in alarms}
        if name.startswith("CanaryDispatch"):
            assert judged == {"Crashes"}
            assert "HalfForTenMinutes" in pointed_at(group["DeploymentConfigName"])
        else:
            assert judged == {"Crashes", "Failures"}
            wanted = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
            assert group["DeploymentConfigName"] == wanted


def test_an_alias_is_moved_only_by_its_canary() -> None:
    aliases = of_type(stateless("aws"), "Lambda::Alias").values()
    assert len(aliases) == len(RELEASED)
    assert all("CodeDeployLambdaAliasUpdate" in alias["UpdatePolicy"] for alias in aliases)


def test_events_arrive_by_the_alias_that_the_canary_shifts() -> None:
    mappings = properties(stateless("aws"), "Lambda::EventSourceMapping").values()
    for name in ("Crawl", "Aggregate"):
        targets = {
            pointed_at(one["FunctionName"])
            for one in mappings
            if called(one["FunctionName"]) == f"Function{name}"
        }
        assert targets == {f"Function{name}Aliaslive:live"}
    (minute,) = (
        pointed_at(rule["Targets"][0]["Arn"])
        for rule in properties(stateless("aws"), "Events::Rule").values()
        if rule["ScheduleExpression"] == "rate(1 minute)"
    )
    assert minute == "FunctionDispatchAliaslive"


REQUESTS_A_SECOND = 5_787
CANARY = 0.1
MINUTES = 5


def _rolls_back(
    alarm: str, *, new: float, old: float, calls: float = REQUESTS_A_SECOND * 60, seed: int = 1
) -> bool:
    """Whether the deployed alarm fires within a canary. `new` and `old` are failure rates."""
    dice = np.random.default_rng(seed)
    (found,) = (
        one
        for name, one in properties(stateless("aws"), "CloudWatch::Alarm").items()
        if name.startswith(f"Alarms{alarm}")
    )
    (expression,) = (one["Expression"] for one in found["Metrics"] if "Expression" in one)
    for _ in range(MINUTES):
        served = {"new": dice.poisson(calls * CANARY), "old": dice.poisson(calls * (1 - CANARY))}
        bad = {"new": dice.binomial(served["new"], new), "old": dice.binomial(served["old"], old)}
        values = {
            "new": served["new"],
            "all": served["new"] + served["old"],
            "new_bad": bad["new"],
            "all_bad": bad["new"] + bad["old"],
        }
        if _computed(expression, values) >= found["Threshold"]:
            return True
    return False


def _computed(expression: str, values: dict[str, Any]) -> float:
    """The value of CloudWatch's metric math with `values` by id."""
    python = expression.replace("IF(", "where(").replace(" AND ", " and ")
    names = {
        **{name: float(value) for name, value in values.items()},
        "FILL": lambda value, _: value,
        "where": lambda condition, yes, no: yes if condition else no,
    }
    python = re.sub(r"\b(all|new)\b(?!_)", r"\1_called", python)
    names |= {"new_called": names["new"], "all_called": names["all"]}
    try:
        return float(eval(python, {"__builtins__": {}}, names))
    except ZeroDivisionError:
        return 0.0


SEEDS = range(20)


@pytest.mark.parametrize("alarm", ["ReadCanaryCrashes", "ReadCanaryFailures"])
def test_at_scale_three_errors_a_minute_pass_and_one_percent_rolls_back(alarm: str) -> None:
    """Alarms on a count would fire on either, and on the errors of the old version."""
    few = 3 / (REQUESTS_A_SECOND * 60 * CANARY)
    assert not any(_rolls_back(alarm, new=few, old=few, seed=seed) for seed in SEEDS)
    assert not any(_rolls_back(alarm, new=few, old=0, seed=seed) for seed in SEEDS)
    assert all(_rolls_back(alarm, new=0.01, old=few, seed=seed) for seed in SEEDS)


@pytest.mark.parametrize("alarm", ["CrawlCanaryFailures", "AggregateCanaryFailures"])
def test_an_outage_of_a_provider_is_not_blamed_on_the_new_version(alarm: str) -> None:
    crawls = 810 * 60
    assert not any(_rolls_back(alarm, new=0.4, old=0.4, calls=crawls, seed=seed) for seed in SEEDS)
    assert all(_rolls_back(alarm, new=0.03, old=0.005, calls=crawls, seed=seed) for seed in SEEDS)


def test_errors_of_the_old_version_do_not_roll_back_the_new_one() -> None:
    assert not any(_rolls_back("ReadCanaryFailures", new=0, old=0.05, seed=s) for s in SEEDS)


def test_a_broken_release_rolls_back_on_little_traffic() -> None:
    assert all(_rolls_back("ReadCanaryFailures", new=1, old=0, calls=100, seed=s) for s in SEEDS)


def test_one_failed_tick_of_the_new_dispatch_rolls_back() -> None:
    values = {"new": 4, "all": 10, "new_bad": 1, "all_bad": 1}
    (alarm,) = (
        one
        for name, one in properties(stateless("aws"), "CloudWatch::Alarm").items()
        if name.startswith("AlarmsDispatchCanaryCrashes")
    )
    (expression,) = (one["Expression"] for one in alarm["Metrics"] if "Expression" in one)
    assert _computed(expression, values) >= alarm["Threshold"]


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
