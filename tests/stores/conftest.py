"""The deployed tables, made in moto from the synthesised template."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from tests.schemas import table_schemas
from topk.stores.dynamodb.models import bind

REGION = "us-east-1"
TABLES = {
    "connections": "Connections",
    "timetable": "Timetable",
    "plays": "Plays",
    "top_lists": "TopLists",
    "profiles": "Profiles",
    "follows": "Follows",
    "follow_requests": "FollowRequests",
    "blocks": "Blocks",
    "handshakes": "Handshakes",
    "data_keys": "DataKeys",
    "provider_users": "ProviderUsers",
    "provider_budgets": "ProviderBudgets",
    "erasures": "Erasures",
    "personal_tokens": "PersonalTokens",
    "imports": "Imports",
    "tenants": "Tenants",
    "tenant_rates": "TenantRates",
}


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty tables for the models, without network access."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "fake-key-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret-key",
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("dynamodb", region_name=REGION)
        for schema in table_schemas().values():
            client.create_table(**schema)
        bind(TABLES, region=REGION)
        yield
