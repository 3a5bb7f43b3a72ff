"""A stage on AWS is removed out of half-made states by what `topk destroy` calls.

`topk rehearse` makes all states, and deploys the whole stage; here are those that take little.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.launch.stage_account import stage_account
from cli.studies.rehearsal.account import Account
from cli.studies.rehearsal.data import lost, put
from cli.studies.rehearsal.half_made import (
    DATA_ALONE,
    DATA_DELETION_FAILED,
    PROPOSED,
    ROLLED_BACK,
    STOPPED,
    Made,
    State,
    removed,
)
from cli.studies.rehearsal.run import await_status
from cli.studies.rehearsal.stage import Stage, Template, in_order
from infra_cdk.config import EDGE_REGION
from tests.synthesis import synthesis

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("rehearsal")]

STAGE = "staging"
POLL_SECONDS = 0.1


@pytest.fixture(scope="module")
def account(own_emulator: str) -> Account:
    return Account(own_emulator, stage_account(STAGE).region, EDGE_REGION)


@pytest.fixture
def made(account: Account, tmp_path: Path) -> Made:
    """The protected stage of cdk.json."""
    stage = stage_account(STAGE)
    synthesised = synthesis("aws")
    order = in_order({name: synthesised.dependencies[name] for name in stage.stacks})
    templates = {name: synthesised.templates[name] for name in order}
    return Made(Stage(account, stage.stacks, tmp_path, await_status), templates, stage.deployment)


@pytest.fixture
def unprotected(made: Made) -> Made:
    templates = {name: _unprotected(one) for name, one in made.templates.items()}
    return Made(made.stage, templates, made.deployment)


def _unprotected(template: Template) -> Template:
    copied: Template = json.loads(json.dumps(template))
    for resource in copied["Resources"].values():
        resource.pop("DeletionPolicy", None)
        properties: dict[str, Any] = resource.get("Properties", {})
        properties.pop("DeletionProtectionEnabled", None)
    return copied


@pytest.mark.parametrize(
    ("state", "stateless"),
    [
        (DATA_ALONE, None),
        (PROPOSED, "REVIEW_IN_PROGRESS"),
        (ROLLED_BACK, "ROLLBACK_COMPLETE"),
        (STOPPED, "CREATE_FAILED"),
    ],
    ids=lambda one: one.name if isinstance(one, State) else "",
)
def test_of_a_protected_stage_only_its_data_is_left(
    made: Made, state: State, stateless: str | None
) -> None:
    found = removed(made, state, poll_seconds=POLL_SECONDS)
    assert found.stacks.get(made.stateless) == stateless
    assert found.stacks[made.stateful] == "CREATE_COMPLETE"
    assert found.holds
    assert (found.left, found.lost) == ([], [])
    template = made.templates[made.stateful]
    retained = [one for one in template["Resources"].values() if "DeletionPolicy" in one]
    assert found.kept == len(retained)


def test_a_state_that_was_not_reached_proves_nothing(made: Made) -> None:
    found = removed(made, replace(ROLLED_BACK, make=DATA_ALONE.make), poll_seconds=POLL_SECONDS)
    assert (found.left, found.lost) == ([], [])
    assert not found.holds


def test_nothing_is_left_of_a_stage_without_protection(unprotected: Made) -> None:
    found = removed(unprotected, DATA_DELETION_FAILED, poll_seconds=POLL_SECONDS)
    assert found.stacks == {unprotected.stateful: "DELETE_FAILED"}
    assert (found.left, found.kept) == ([], 0)


def test_a_table_that_was_protected_by_hand_is_let_go_and_named(unprotected: Made) -> None:
    def make(made: Made) -> None:
        made.stage.deploy({made.stateful: made.templates[made.stateful]})
        made.stage.client("dynamodb", made.stateful).update_table(
            TableName=_plays(made), DeletionProtectionEnabled=True
        )
        tables.append(_plays(made))

    tables: list[str] = []
    found = removed(
        unprotected,
        State("protected by hand", make, "Stateful", "CREATE_COMPLETE"),
        poll_seconds=POLL_SECONDS,
    )
    assert found.left == [f"tables {tables[0]}"]
    assert found.said[-1].endswith(f"delete by hand in eu-central-1: {tables[0]}")


def _plays(made: Made) -> str:
    tables = made.stage.names("AWS::DynamoDB::Table", made.stateful)
    (found,) = (table for name, table in tables.items() if name.startswith("Plays"))
    return found


def test_what_is_left_is_listed(made: Made) -> None:
    made.stage.account.reset()
    assert made.stage.account.contents() == set()
    made.stage.deploy({made.stateful: made.templates[made.stateful]})
    data = put(made.stage, made.stateful)
    listed = {one.partition(" ")[0] for one in made.stage.account.contents()}
    assert listed == {"stacks", "tables", "queues", "secrets", "keys", "buckets", "event"}
    made.stage.account.reset()
    assert len(lost(data)) == len(data)
