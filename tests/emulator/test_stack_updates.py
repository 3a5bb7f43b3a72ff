"""What a team changes on a stage reaches its resources, loses no data, and can be taken back."""

from collections.abc import Sequence

import pytest

from cli.studies.rehearsal.account import Account
from cli.studies.rehearsal.data import Kept, lost, put
from cli.studies.rehearsal.run import await_status
from cli.studies.rehearsal.stage import Stage
from cli.studies.rehearsal.updates import UPDATES, Target, Update, updated
from infra_cdk import outputs
from simulator.emulator.process import REGION
from tests.synthesis import context

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("rehearsal")]

STACKS = (outputs.stateful_stack("local"), outputs.stateless_stack("local"))


@pytest.fixture(scope="module")
def target(own_emulator: str, tmp_path_factory: pytest.TempPathFactory) -> Target:
    """The local stage, deployed."""
    account = Account(own_emulator, REGION)
    stage = Stage(
        account, dict.fromkeys(STACKS, REGION), tmp_path_factory.mktemp("stage"), await_status
    )
    declared = context("local")
    target = Target(stage, "local", declared, stage.synthesise(declared))
    assert set(stage.deploy(target.templates).values()) == {"CREATE_COMPLETE"}
    return target


@pytest.fixture(scope="module")
def data(target: Target) -> Sequence[Kept]:
    return put(target.stage, target.stateful)


@pytest.mark.parametrize("update", UPDATES, ids=lambda one: one.name)
def test_an_update_takes_effect_loses_nothing_and_is_taken_back(
    target: Target, data: Sequence[Kept], update: Update
) -> None:
    before = target.stage.account.contents()
    found = updated(target, update, data)
    assert found.holds, found
    assert target.stage.account.contents() == before


def test_data_that_is_gone_is_named(target: Target) -> None:
    name, table = next(iter(target.stage.names("AWS::DynamoDB::Table", target.stateful).items()))
    tables = target.stage.client("dynamodb", target.stateful)
    data = put(target.stage, target.stateful)
    schema = tables.describe_table(TableName=table)["Table"]["KeySchema"]
    key = {one["AttributeName"]: {"S": "kept"} for one in schema}
    tables.delete_item(TableName=table, Key=key)
    assert lost(data) == [f"item of {name}"]
