"""The templates keep AWS's limits, with names as long as AWS makes them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session

from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.layers import CACHE, ROOT
from infra_cdk.functions.packages import installed
from infra_cdk.functions.platform import platform_of
from infra_cdk.limits.measured import Measurement, largest, measured, packages
from infra_cdk.limits.names import resolved
from infra_cdk.limits.quotas import QUOTAS
from tests.infra.quotas import PLACE, document, regions, stage_templates

STAGES = ("staging", "production")
LARGEST_ENVIRONMENT = 3_300
"""Bytes. Leaves room for another provider."""
STREAM = {"Fn::GetAtt": ["Plays", "StreamArn"]}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {}}


@pytest.mark.parametrize("stage", STAGES)
def test_no_fixed_quota_is_used_beyond_its_margin(stage: str) -> None:
    exceeded = [one for one in _measured(stage_templates(stage)) if one.exceeded]
    assert exceeded == []


@pytest.mark.parametrize("stage", STAGES)
def test_every_quota_of_templates_is_measured(stage: str) -> None:
    elsewhere = {"package", "managed_policy", "concurrency", "api_requests", "api_burst"}
    elsewhere |= {"table_writes", "table_reads"}
    assert {one.key for one in _measured(stage_templates(stage))} == QUOTAS.keys() - elsewhere


def test_the_largest_environment_leaves_room() -> None:
    for stage in STAGES:
        assert largest(_measured(stage_templates(stage)))["environment"].used < LARGEST_ENVIRONMENT


def test_names_are_as_long_as_cloudformation_makes_them() -> None:
    template = {
        "Resources": {
            "QueueSpotifyF124188F": {"Type": "AWS::SQS::Queue"},
            "SecretSpotify929137D8": {"Type": "AWS::SecretsManager::Secret"},
            f"Function{'x' * 60}": {"Type": "AWS::Lambda::Function"},
        },
        "Outputs": {
            "Queue": {"Value": {"Ref": "QueueSpotifyF124188F"}},
            "Secret": {"Value": {"Ref": "SecretSpotify929137D8"}},
            "Function": {"Value": {"Ref": f"Function{'x' * 60}"}},
        },
    }
    outputs = resolved("TopK-Production-Stateless", {"TopK-Production-Stateless": template}, _AT)[
        "Outputs"
    ]
    assert outputs["Queue"]["Value"] == (
        "https://sqs.eu-central-1.amazonaws.com/123456789012/"
        "TopK-Production-Stateless-QueueSpotifyF124188F-ABCDEFGHIJKLM"
    )
    assert outputs["Secret"]["Value"] == (
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:"
        "SecretSpotify929137D8-ABCDEFGHIJKLM-ABCDEF"
    )
    assert len(outputs["Function"]["Value"]) == 64


@pytest.mark.parametrize("group", sorted({spec.layer for spec in SPECS.values()}))
def test_a_function_with_its_layers_unpacks_below_the_quota(group: str) -> None:
    """With the wheels of this machine, which differ little from those of arm64."""
    layer = installed(ROOT / "requirements" / f"{group}.txt", platform_of(local=True).wheels, CACHE)
    folders = {
        name: (layer, ROOT / "layers" / "core", ROOT / "functions" / name)
        for name, spec in SPECS.items()
        if spec.layer == group
    }
    assert [one for one in packages(folders) if one.exceeded] == []


def _function(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": properties}


def _mapping(source: Any, **properties: Any) -> dict[str, Any]:
    given = {"EventSourceArn": source, "FunctionName": {"Ref": "Crawl"}, **properties}
    return {"Type": "AWS::Lambda::EventSourceMapping", "Properties": given}


def _queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def _from_queue(timeout: int = 10, hidden: int = 60, **properties: Any) -> dict[str, Any]:
    return {
        "Crawl": _function(Timeout=timeout),
        "Queue": _queue(VisibilityTimeout=hidden),
        "Mapping": _mapping({"Fn::GetAtt": ["Queue", "Arn"]}, **properties),
    }


def _from_stream(readers: int = 1, **properties: Any) -> dict[str, Any]:
    mappings = {f"Mapping{number}": _mapping(STREAM, **properties) for number in range(readers)}
    return {"Plays": TABLE, "Crawl": _function(), **mappings}


def _policy(size: int) -> dict[str, Any]:
    return {"Statement": [{"Action": "s3:PutObject", "Resource": "x" * size}]}


def _many(count: int, kind: str, **properties: Any) -> dict[str, Any]:
    return {
        f"Resource{number}": {"Type": f"AWS::{kind}", "Properties": properties}
        for number in range(count)
    }


def _one(kind: str, **properties: Any) -> dict[str, Any]:
    return _many(1, kind, **properties)


BREAKING: Mapping[str, dict[str, Any]] = {
    "environment": {"Crawl": _function(Environment={"Variables": {"A": "x" * 3300}})},
    "layers": {"Crawl": _function(Layers=["one"] * 5)},
    "function_timeout": {"Crawl": _function(Timeout=901)},
    "memory": {"Crawl": _function(MemorySize=10_241)},
    "function_policy": _many(
        60, "Lambda::Permission", FunctionName="arn:crawl", Principal="apigateway.amazonaws.com",
        Action="lambda:InvokeFunction", SourceArn="arn:aws:execute-api:" + "x" * 120,
    ),
    "queue_batch": _from_queue(BatchSize=10_001, MaximumBatchingWindowInSeconds=1),
    "queue_batch_at_once": _from_queue(BatchSize=11),
    "batching_window": _from_queue(MaximumBatchingWindowInSeconds=301),
    "mapping_concurrency": _from_queue(ScalingConfig={"MaximumConcurrency": 1001}),
    "visibility": _from_queue(timeout=10, hidden=9),
    "stream_batch": _from_stream(BatchSize=10_001),
    "parallel_batches": _from_stream(ParallelizationFactor=11),
    "stream_readers": _from_stream(readers=3),
    "filters": _from_stream(FilterCriteria={"Filters": [{"Pattern": "{}"}] * 5}),
    "filter": _from_stream(FilterCriteria={"Filters": [{"Pattern": "x" * 3_300}]}),
    "queue_visibility": {"Queue": _queue(VisibilityTimeout=43_201)},
    "queue_retention": {"Queue": _queue(MessageRetentionPeriod=1_209_601)},
    "queue_delay": {"Queue": _queue(DelaySeconds=901)},
    "resources": _many(401, "SNS::Topic"),
    "template": _one("SNS::Topic", DisplayName="x" * 800_001),
    "role_policies": _many(2, "IAM::Policy", Roles=["role"], PolicyDocument=_policy(4_200)),
    "managed_policy": _one("IAM::ManagedPolicy", PolicyDocument=_policy(5_000)),
    "api_integrations": _many(
        241, "ApiGatewayV2::Integration", ApiId="api", IntegrationUri="arn:crawl"
    ),
    "api_timeout": {
        "Crawl": _function(Timeout=31),
        **_one(
            "ApiGatewayV2::Integration",
            ApiId="api",
            IntegrationUri={"Fn::GetAtt": ["Crawl", "Arn"]},
        ),
    },
    "api_log": _one("ApiGatewayV2::Stage", AccessLogSettings={"Format": "x" * 2_500}),
    "rule_targets": _one("Events::Rule", Targets=[{}] * 5),
    "alarm_metrics": _one("CloudWatch::Alarm", Metrics=[{}] * 9),
    "dashboard_widgets": _one(
        "CloudWatch::Dashboard", DashboardBody='{"widgets": [' + ",".join(["1"] * 401) + "]}"
    ),
    "canary_alarms": _one(
        "CodeDeploy::DeploymentGroup", AlarmConfiguration={"Alarms": [{}] * 9}
    ),
}  # fmt: skip
"""By quota: resources that use more than its margin."""
_AT = {"TopK-Production-Stateless": "eu-central-1"}


@pytest.mark.parametrize("key", BREAKING)
def test_a_template_beyond_a_fixed_quota_is_reported(key: str) -> None:
    templates = {"TopK-Production-Stateless": {"Resources": BREAKING[key]}}
    assert {one.key for one in measured(templates, _AT) if one.exceeded} == {key}


def test_outputs_beyond_the_quota_are_reported() -> None:
    outputs = {f"Output{number}": {"Value": "x"} for number in range(161)}
    templates = {"TopK-Production-Stateless": {"Resources": {}, "Outputs": outputs}}
    assert {one.key for one in measured(templates, _AT) if one.exceeded} == {"outputs"}


def test_a_package_beyond_the_quota_is_reported(tmp_path: Path) -> None:
    with (tmp_path / "library.so").open("wb") as file:
        file.truncate(201 * 2**20)
    (found,) = packages({"archive": [tmp_path]})
    assert (found.key, found.exceeded) == ("package", True)


def test_every_fixed_quota_is_broken_by_a_test() -> None:
    fixed = {key for key, quota in QUOTAS.items() if not quota.adjustable}
    assert fixed == {*BREAKING, "outputs", "package"}


def test_an_adjustable_quota_is_only_reported() -> None:
    found = Measurement("api_routes", "api", 10_000)
    assert found.share > 1
    assert not found.exceeded


def test_each_adjustable_quota_says_where_to_request_more() -> None:
    rows = [line for line in document().splitlines() if line.startswith("| ")]
    services = {*Session().get_available_services(), "monitoring"}
    for key, quota in QUOTAS.items():
        assert bool(quota.service) == (quota.adjustable and key != "api_burst")
        if quota.code:
            assert re.fullmatch(r"L-[0-9A-F]{8}", quota.code)
            assert quota.service in services
        shown = [row for row in rows if row.startswith(f"| {quota.what}") and row.count("|") > 3]
        links = [row.endswith(f"[{quota.code}]({quota.request_url}) |") for row in shown]
        named = [row.endswith(("by name |", "by itself |")) for row in shown]
        assert not quota.adjustable or all(links if quota.code else named)
    codes = [quota.code for quota in QUOTAS.values() if quota.code]
    assert len(codes) == len({*codes})


def test_the_document_is_up_to_date() -> None:
    written = PLACE.read_text(encoding="utf-8")
    assert written == document(), "update it with .venv/bin/python -m tests.infra.quotas"


def _measured(templates: Mapping[str, Any]) -> list[Measurement]:
    return measured(templates, regions(templates))
