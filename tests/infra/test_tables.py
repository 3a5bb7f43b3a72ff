"""The tables: keys, expiry, streams, and protection against mistakes."""

from pathlib import Path

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra_cdk.data.tables import TARGET_PERCENT, tables
from tests.infra.templates import of_type, stateful
from tests.schemas import table_schemas
from tests.synthesis import context, synthesis

KEYS = {
    "Connections": ["owner", "provider"],
    "Timetable": ["slot", "connection"],
    "Plays": ["owner", "chunk"],
    "TopLists": ["owner", "window"],
    "Profiles": ["owner"],
    "Follows": ["owner", "other"],
    "FollowRequests": ["owner", "other"],
    "Blocks": ["owner", "other"],
    "Handshakes": ["state_hash"],
    "DataKeys": ["epoch"],
    "ProviderUsers": ["account", "external_user"],
    "ProviderBudgets": ["app"],
    "Erasures": ["receipt"],
    "PersonalTokens": ["token_hash"],
    "Imports": ["owner", "import_id"],
    "Tenants": ["tenant", "part"],
    "TenantRates": ["tenant"],
}


def test_each_table_has_its_keys_as_strings() -> None:
    found = table_schemas()
    assert {
        name: [key["AttributeName"] for key in schema["KeySchema"]]
        for name, schema in found.items()
    } == KEYS
    for schema in found.values():
        assert {key["AttributeType"] for key in schema["AttributeDefinitions"]} == {"S"}


def test_only_plays_requests_handshakes_receipts_and_consents_expire() -> None:
    expiring = {
        name[:-8]: table["Properties"]["TimeToLiveSpecification"]
        for name, table in of_type(stateful("aws"), "DynamoDB::Table").items()
        if "TimeToLiveSpecification" in table["Properties"]
    }
    once = {"AttributeName": "expires_at", "Enabled": True}
    assert expiring == dict.fromkeys(
        ("Plays", "FollowRequests", "Handshakes", "Erasures", "PersonalTokens", "Imports"), once
    )


def test_only_plays_and_announced_lists_have_a_stream_with_keys_only() -> None:
    streams = {
        name: schema["StreamSpecification"]["StreamViewType"]
        for name, schema in table_schemas().items()
        if "StreamSpecification" in schema
    }
    assert streams == {"Plays": "KEYS_ONLY", "TopLists": "KEYS_ONLY"}


def test_tables_on_aws_outlive_their_stack_and_can_be_restored() -> None:
    kept = {"DynamoDB::Table": 17, "KMS::Key": 1, "SecretsManager::Secret": 7, "SQS::Queue": 11}
    for kind, count in kept.items():
        found = of_type(stateful("aws"), kind)
        assert len(found) == count, kind
        for name, resource in found.items():
            policies = resource["DeletionPolicy"], resource["UpdateReplacePolicy"]
            assert policies == ("Retain", "Retain"), name
    for name, table in of_type(stateful("aws"), "DynamoDB::Table").items():
        recovery = table["Properties"]["PointInTimeRecoverySpecification"]
        assert recovery["PointInTimeRecoveryEnabled"] is True, name
        assert table["Properties"]["DeletionProtectionEnabled"] is True, name


def test_stacks_on_aws_cannot_be_deleted_by_mistake() -> None:
    assert sorted(synthesis("aws").termination_protected) == sorted(synthesis("aws").templates)
    assert synthesis("local").termination_protected == []


def test_locally_tables_are_deleted_with_their_stack() -> None:
    for template in synthesis("local").templates.values():
        for name, resource in template["Resources"].items():
            assert resource.get("DeletionPolicy", "Delete") == "Delete", name
            assert not resource.get("Properties", {}).get("DeletionProtectionEnabled"), name


def test_the_token_key_is_rotated_every_year() -> None:
    (key,) = of_type(stateful("aws"), "KMS::Key").values()
    assert key["Properties"]["EnableKeyRotation"] is True


def test_in_production_hot_tables_and_their_indexes_are_provisioned_and_follow_the_load() -> None:
    declared = context("aws")["stages"]["production"]["provisioned"]
    template = stateful("aws")
    tables = of_type(template, "DynamoDB::Table")
    for name, table in tables.items():
        mode = table["Properties"].get("BillingMode", "PROVISIONED")
        assert (mode == "PROVISIONED") == (name[:-8] in declared)
    targets = of_type(template, "ApplicationAutoScaling::ScalableTarget").values()
    indexed = sum(
        "GlobalSecondaryIndexes" in tables[one]["Properties"]
        for one in tables
        if one[:-8] in declared
    )
    assert len(targets) == 2 * (len(declared) + indexed)
    policies = of_type(template, "ApplicationAutoScaling::ScalingPolicy").values()
    assert len(policies) == len(targets)
    for policy in policies:
        tracked = policy["Properties"]["TargetTrackingScalingPolicyConfiguration"]
        assert tracked["TargetValue"] == TARGET_PERCENT
    bounds = {
        (one["Properties"]["MinCapacity"], one["Properties"]["MaxCapacity"]) for one in targets
    }
    assert bounds == {(of["least"], of["most"]) for one in declared.values() for of in one.values()}


def test_a_stage_without_protection_passes_the_rules_too(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    tables(cdk.Stack(app, "Scratch"), protected=False, streams=(), adopted={}, provisioned={})
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    # A finding raises.
    app.synth()
