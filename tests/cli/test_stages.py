"""Stages on AWS: what is refused before any change, and the arguments of `cdk`."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.commands.operate import preflight as operated
from cli.launch.preflight import Finding
from cli.main import app
from tests.cli.launch.aws_account import REGION, Account, Stack

DEPLOYED = "TopK-Staging-Stateless"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that was run."""
    found: list[list[str]] = []

    def run(command: Sequence[str], **_: Any) -> SimpleNamespace:
        found.append(list(command[2:]))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr("subprocess.run", run)
    return found


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account of the credentials, in which preflight finds nothing to do."""
    account = Account(stacks={REGION: {DEPLOYED: Stack()}})
    monkeypatch.setattr("cli.launch.stage_account._client", account.client)
    monkeypatch.setattr(operated, "findings", lambda *_, **__: [Finding("credentials", "valid")])
    return account


@pytest.mark.parametrize("verb", ["preflight", "deploy", "destroy"])
@pytest.mark.parametrize("stage", ["", "local", "productoin", "../staging"])
def test_an_invalid_stage_gets_one_line_and_nothing_happens(
    ran: list[list[str]], verb: str, stage: str
) -> None:
    done = CliRunner().invoke(app, [verb, stage])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert "staging, production" in line
    assert ran == []


@pytest.mark.parametrize(
    "command",
    [
        ["preflight", "staging"],
        ["deploy", "staging", "--yes"],
        ["deploy", "staging", "--yes", "--skip-preflight"],
        ["destroy", "staging", "--yes", "--even-protected"],
    ],
)
def test_without_credentials_it_ends_at_once(
    ran: list[list[str]], aws: Account, command: list[str]
) -> None:
    aws.signed_in = False
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert done.stderr.startswith("topk: no valid AWS credentials")
    assert ran == []


def test_open_findings_stop_a_deployment(
    ran: list[list[str]], aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Finding("credentials", "valid"), Finding("alarm mail", "missing", "set it")]
    monkeypatch.setattr(operated, "findings", lambda *_, **__: found)
    for command in (["preflight", "staging"], ["deploy", "staging", "--yes"]):
        done = CliRunner().invoke(app, command)
        assert (done.exit_code, ran) == (1, [])
        assert "set it" in done.stdout
        assert done.stderr == "topk: 1 of 2 checks of staging need something done\n"
    assert (
        CliRunner().invoke(app, ["deploy", "staging", "--yes", "--skip-preflight"]).exit_code == 0
    )


def test_a_protected_stage_is_not_destroyed_without_the_option(
    ran: list[list[str]], aws: Account
) -> None:
    done = CliRunner().invoke(app, ["destroy", "production", "--yes"])
    assert (done.exit_code, ran) == (2, [])
    assert "--even-protected" in done.stderr


def test_with_the_option_it_lists_what_stays_and_removes_every_stack(aws: Account) -> None:
    done = CliRunner().invoke(app, ["destroy", "staging", "--yes", "--even-protected"])
    assert done.exit_code == 0
    assert "tables, key and secrets stay" in done.stdout
    assert f"{DEPLOYED} deleted" in done.stdout
    assert aws.stacks[REGION] == {}


@pytest.mark.parametrize("command", [["deploy", "staging"], ["destroy", "staging",
                                                             "--even-protected"]])  # fmt: skip
def test_without_agreement_nothing_is_done(
    ran: list[list[str]], aws: Account, command: list[str]
) -> None:
    done = CliRunner().invoke(app, command, input="n\n")
    assert (done.exit_code, ran, list(aws.stacks[REGION])) == (1, [], [DEPLOYED])


def test_only_the_given_stage_is_deployed_and_a_failure_is_reported(
    ran: list[list[str]], aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CliRunner().invoke(app, ["deploy", "staging", "--yes"]).exit_code == 0
    assert ran[0][:2] == ["deploy", "--all"]
    assert {"--force", "target=aws", "stage=staging"} <= set(ran[0])
    monkeypatch.setattr("subprocess.run", lambda *_, **__: SimpleNamespace(returncode=1))
    failed = CliRunner().invoke(app, ["deploy", "staging", "--yes"])
    *warnings, reason = failed.stderr.splitlines()
    assert (failed.exit_code, reason) == (1, "topk: cdk deploy ended with exit code 1")
    assert [one for one in warnings if "mixing.spotify" not in one] == []
    assert warnings, "a stage whose tenants have not decided"
