"""The stage that an operator's command uses, and the errors for missing things."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import typer
from botocore.session import get_session
from moto import mock_aws
from typer.testing import CliRunner

from cli.commands.operate import inspect as inspect_owner
from cli.commands.operate import redrive
from cli.main import app
from cli.operated import Operated, _separate, _tenants, operated
from tests.fakes import ANNA, NOON, connection, play
from tests.stores.conftest import REGION, TABLES, tables  # noqa: F401 - a fixture
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import TenantModel
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.tenants import CURRENT


@pytest.fixture
def place(tmp_path: Path, tables: None) -> Operated:  # noqa: F811
    return Operated(
        name="staging",
        region=REGION,
        outputs={f"Table{name}": name for name in TABLES.values()},
        tenants=("harbor",),
        retention_days=35,
        separate={},
        client=lambda service: get_session().create_client(service, region_name=REGION),
        now=lambda: NOON,
        kept=tmp_path,
        environment={},
    )


def test_a_stages_outputs_come_from_its_two_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "fake")
    # The stage's region is in cdk.json.
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    with mock_aws():
        for stack in ("Stateful", "Stateless"):
            boto3.client("cloudformation", region_name="eu-central-1").create_stack(
                StackName=f"TopK-Staging-{stack}",
                TemplateBody=(
                    f'{{"Resources": {{"Q{stack}": {{"Type": "AWS::SQS::Queue"}}}},'
                    f' "Outputs": {{"In{stack}": {{"Value": "found"}}}}}}'
                ),
            )
        found = operated(stage="staging", name="local")
    assert found.outputs == {"InStateful": "found", "InStateless": "found"}
    assert found.tenants == ("harbor",)


def test_tenants_that_were_added_are_operated_as_those_of_cdk_json(tables: None) -> None:  # noqa: F811
    declared = {
        "issuer": "https://id.reef.example",
        "audience": "topk",
        "return_urls": ["https://reef.example/accounts"],
        "web_origins": ["https://reef.example"],
    }
    rows = {"reef": declared, "harbor": {**declared, "mixing": {"spotify": "off"}}}
    for name, one in rows.items():
        TenantModel(
            name, CURRENT, served="{}", declared=json.dumps(one), status="active", version=1
        ).save()
    known = _tenants(
        {"tenants": {"harbor": declared, "meadow": declared}},
        {"TableTenants": "Tenants"},
        lambda service: get_session().create_client(service, region_name=REGION),
    )
    assert set(known) == {"harbor", "meadow", "reef"}
    assert _separate(known)["harbor"] == {"spotify"}, "the table's, which was changed"


def test_a_stage_that_is_not_deployed_is_invalid_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "fake")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws(), pytest.raises(typer.BadParameter, match="no stack TopK-Staging-Stateful"):
        operated(stage="staging", name="local")


@pytest.mark.parametrize("named", ["anna", "meadow/anna", "harbor/", "harbor/a b", "harbor#anna"])
def test_an_invalid_owner_is_invalid_input(place: Operated, named: str) -> None:
    with pytest.raises(typer.BadParameter, match=named.replace("/", ".")):
        place.owner(named)


def test_an_owner_is_named_by_tenant_and_user(place: Operated) -> None:
    assert place.owner("harbor/anna") == Owner("harbor", "anna")


def _say(monkeypatch: pytest.MonkeyPatch, place: Operated, *arguments: str) -> Any:
    for module in (inspect_owner, redrive):
        monkeypatch.setattr(module, "operated", lambda **_: place)
    return CliRunner().invoke(app, [*arguments], env={"COLUMNS": "250"})


def test_inspect_shows_the_state_and_no_token(
    monkeypatch: pytest.MonkeyPatch, place: Operated
) -> None:
    Connections().put(connection())
    plays = (play("Dawn", NOON - 86_400), play("Dusk", NOON - 20 * 86_400))
    Plays(retention_days=35).append([Chunk(ANNA, "spotify", NOON, "crawl-1", plays)])
    done = _say(monkeypatch, place, "inspect", "harbor/anna")
    assert done.exit_code == 0, done.output
    for text in ("spotify", "active", "crawl-1", "1 counted, 0 merged, 1 outside"):
        assert text in done.stdout
    assert connection().sealed_grant not in done.stdout
    assert "fake-access-token" not in done.stdout


def test_an_unknown_user_or_queue_is_invalid_input(
    monkeypatch: pytest.MonkeyPatch, place: Operated
) -> None:
    for arguments, says in (
        (["inspect", "harbor/nobody"], "harbor/nobody does not exist in staging"),
        (["redrive", "tidal"], "no queue 'tidal' in staging"),
        (["redrive", "stream"], "`topk rebuild`"),
    ):
        done = _say(monkeypatch, place, *arguments)
        assert done.exit_code == 2
        assert says in done.stderr
