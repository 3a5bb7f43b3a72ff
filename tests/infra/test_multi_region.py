"""A stage with replicas: global tables, and a key and secrets for other regions."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra_cdk import outputs
from infra_cdk.data.tables import SCHEMAS
from tests.infra.templates import properties
from tests.synthesis import context

FIRST, SECOND = "eu-central-1", "eu-west-1"


@cache
def _template() -> dict[str, Any]:
    """The template of the stateful stack; a cdk-nag finding raises RuntimeError."""
    from infra_cdk.app import build

    asked = context("aws", stage="production") | {"aws:cdk:bundling-stacks": []}
    asked["stages"]["production"] |= {"region": FIRST, "replica_regions": [SECOND]}
    with TemporaryDirectory() as outdir:
        build(asked, outdir).synth()
        name = f"{outputs.stateful_stack('production')}.template.json"
        found: dict[str, Any] = json.loads((Path(outdir) / name).read_text())
    return found


def test_every_table_is_in_both_regions_and_restorable_in_both() -> None:
    tables = properties(_template(), "DynamoDB::GlobalTable")
    assert {name[:-8] for name in tables} == set(SCHEMAS)
    for table in tables.values():
        assert {one["Region"] for one in table["Replicas"]} == {FIRST, SECOND}
        for replica in table["Replicas"]:
            recovery = replica["PointInTimeRecoverySpecification"]
            assert recovery["PointInTimeRecoveryEnabled"] is True
            assert replica["DeletionProtectionEnabled"] is True


def test_the_key_and_the_credentials_are_available_in_both_regions() -> None:
    (key,) = properties(_template(), "KMS::Key").values()
    assert key["MultiRegion"] is True
    for secret in properties(_template(), "SecretsManager::Secret").values():
        assert secret["ReplicaRegions"] == [{"Region": SECOND}]
