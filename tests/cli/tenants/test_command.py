"""`topk tenant` on a deployment in memory."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner, Result

from cli.commands.operate import tenant as command
from cli.sandbox.deployment import REGION, sandbox
from cli.sandbox.issuer import public_key
from cli.tenants.registry import Registry
from cli.tenants.table import TenantTable
from functions.read.handler import lambda_handler
from infra_cdk import outputs
from tests.functions.conftest import EVENTS
from topk.runtime.tokens.issuer_keys import DISCOVERY
from topk.stores.dynamodb.models import MODELS
from topk.usecases.accounts.tenant_limit import buckets

NOW = 1_800_000_000
ISSUER = "https://id.reef.example"
REEF = {
    "issuer": ISSUER,
    "audience": "topk",
    "algorithms": ["ES256"],
    "return_urls": ["https://reef.example/accounts"],
    "web_origins": ["https://reef.example"],
}


@dataclass
class Place:
    """The sandbox as an operator sees it."""

    name: str = "sandbox"
    environment: tuple[str, ...] = ("local",)

    @property
    def outputs(self) -> dict[str, str]:
        tables = {
            outputs.table("".join(part.title() for part in kind.split("_"))): kind
            for kind in MODELS
        }
        queue = self.client("sqs").get_queue_url(QueueName="topk-erasures")["QueueUrl"]
        return {**tables, outputs.ERASURE_QUEUE: queue}

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION)  # type: ignore[call-overload]

    def now(self) -> int:
        return NOW

    @contextmanager
    def tables(self) -> Iterator[None]:
        yield


def _fetch(address: str) -> bytes:
    if address == ISSUER + DISCOVERY:
        return json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}).encode()
    return json.dumps({"keys": [public_key()]}).encode()


def _registry_of(stack: dict[str, str], dynamodb: Any, **given: Any) -> Registry:
    table = TenantTable(dynamodb, stack[outputs.table("Tenants")])
    return Registry(table, {"spotify": {}}, {}, _fetch, **given)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    place = Place()
    monkeypatch.setattr(command, "operated", lambda **_: place)
    monkeypatch.setattr(command, "registry_of", _registry_of)
    with sandbox():
        yield place


def _run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(command.tenant, arguments, input=answer)


def _file(folder: Path, fields: dict[str, Any]) -> str:
    file = folder / "tenant.json"
    file.write_text(json.dumps(fields), encoding="utf-8")
    return str(file)


@pytest.mark.usefixtures("place")
def test_a_tenant_is_added_after_the_answer_and_listed(tmp_path: Path) -> None:
    file = _file(tmp_path, REEF)
    refused = _run("add", "reef", file, answer="n\n")
    assert refused.exit_code == 1
    assert "reef" not in _run("list").stdout
    added = _run("add", "reef", file, answer="y\n")
    assert f'+ issuer: "{ISSUER}"' in added.stdout
    assert "reef\tactive" in _run("list").stdout


@pytest.mark.usefixtures("place")
def test_a_change_shows_the_difference_alone(tmp_path: Path) -> None:
    _run("add", "reef", _file(tmp_path, REEF), "--yes")
    changed = _run("change", "reef", _file(tmp_path, {"follows": "open"}), "--yes")
    assert '~ follows: "host" -> "open"' in changed.stdout
    assert "issuer" not in changed.stdout
    again = _run("change", "reef", _file(tmp_path, {"follows": "open"}), "--yes")
    assert "has these fields already" in again.stdout


@pytest.mark.usefixtures("place")
def test_a_suspension_and_its_end_are_shown_with_who_made_them(tmp_path: Path) -> None:
    _run("add", "reef", _file(tmp_path, REEF), "--yes")
    _run("suspend", "reef", "--yes")
    _run("resume", "reef", "--yes")
    shown = json.loads(_run("show", "reef").stdout)
    assert (shown["status"], shown["version"]) == ("active", 3)
    assert [one["what"] for one in shown["changes"]] == ["resume", "suspend", "add"]
    assert all(one["by"] and one["at"] == NOW for one in shown["changes"])


@pytest.mark.usefixtures("place")
def test_requests_of_a_suspended_tenant_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    event = json.loads((EVENTS / "read/mine.json").read_text(encoding="utf-8"))
    public = json.loads((EVENTS / "read/public_nobody.json").read_text(encoding="utf-8"))
    monkeypatch.setattr("topk.runtime.tenant_directory.SECONDS_KEPT", 0)
    assert lambda_handler(event, None)["statusCode"] == 200
    table = TenantTable(boto3.client("dynamodb", region_name=REGION), "tenants")
    row = table.read("harbor")
    assert row is not None
    served = json.dumps(json.loads(row.served) | {"suspended": True})
    table.dynamodb.update_item(
        TableName="tenants",
        Key={"tenant": {"S": "harbor"}, "part": {"S": "current"}},
        UpdateExpression="SET served = :served",
        ExpressionAttributeValues={":served": {"S": served}},
    )
    assert lambda_handler(event, None)["statusCode"] == 403
    assert lambda_handler(public, None)["statusCode"] == 403


def test_a_removal_erases_users_first_and_prints_a_receipt_at_the_end(
    place: Place, tmp_path: Path
) -> None:
    _run("add", "reef", _file(tmp_path, REEF), "--yes")
    profiles = place.client("dynamodb")
    for user in ("ann", "bob"):
        profiles.put_item(TableName="profiles", Item={"owner": {"S": f"reef#{user}"}})
    first = _run("remove", "reef", "--yes")
    assert "2 users are being erased" in first.stdout
    assert "reef\tremoving" in _run("list").stdout
    assert _queued(place) == {"reef#ann", "reef#bob"}
    for tenant in ("reef", "harbor"):
        for bucket in buckets(tenant):
            profiles.put_item(TableName="tenant_rates", Item={"tenant": {"S": bucket}})
    for user in ("ann", "bob"):
        profiles.delete_item(TableName="profiles", Key={"owner": {"S": f"reef#{user}"}})
    receipt = json.loads(_run("remove", "reef", "--yes").stdout.splitlines()[-1])
    assert (receipt["tenant"], receipt["removed_at"]) == ("reef", NOW)
    left = profiles.scan(TableName="tenant_rates")["Items"]
    assert {row["tenant"]["S"] for row in left} == set(buckets("harbor"))
    assert "reef" not in _run("list").stdout
    assert "harbor" in _run("list").stdout


def test_a_removal_deletes_the_credentials_of_the_tenants_own_apps(
    place: Place, tmp_path: Path
) -> None:
    _run("add", "reef", _file(tmp_path, REEF), "--yes")
    secrets = place.client("secretsmanager")
    own, others = (outputs.app_secret("sandbox", "spotify", one) for one in ("reef", "meadow"))
    for name in (own, others):
        secrets.create_secret(Name=name, SecretString="fake-credentials")
    assert _run("remove", "reef", "--yes").exit_code == 0
    left = {one["Name"] for one in secrets.list_secrets()["SecretList"]}
    assert others in left
    assert own not in left


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("arguments", [("show",), ("suspend", "--yes"), ("remove", "--yes")])
def test_an_unknown_tenant_is_one_line(arguments: tuple[str, ...]) -> None:
    name, *options = arguments
    result = _run(name, "nobody", *options)
    assert result.exit_code == 1
    assert "no tenant nobody" in result.output


def _queued(place: Place) -> set[str]:
    """The owners in the queue of erasures."""
    found = place.client("sqs").receive_message(
        QueueUrl=place.outputs[outputs.ERASURE_QUEUE], MaxNumberOfMessages=10
    )
    return {json.loads(one["Body"])["owner"] for one in found["Messages"]}
