"""The listed differences are real: a row that no longer holds is removed."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from simulator.aws.account import Aws
from tests.simulator.aws.differences import IN_MEMORY, MOTO, Difference
from tests.simulator.aws.expressions import TABLE


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(**TABLE)
        yield client


@pytest.fixture
def in_memory() -> Any:
    client = Aws(lambda: 0.0).client("dynamodb")
    client.create_table(**TABLE)
    return client


@pytest.mark.parametrize("row", MOTO, ids=lambda row: row.case)
def test_moto_differs_where_memory_follows_aws(row: Difference, moto: Any, in_memory: Any) -> None:
    assert row.show(in_memory) == row.on_aws
    assert row.show(moto) == row.on_other


@pytest.mark.parametrize("row", IN_MEMORY, ids=lambda row: row.case)
def test_memory_differs_where_moto_follows_aws(row: Difference, moto: Any, in_memory: Any) -> None:
    assert row.show(in_memory) == row.on_other
    assert row.show(moto) == row.on_aws
