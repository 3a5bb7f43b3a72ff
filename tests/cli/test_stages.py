"""Stages on AWS: what is refused before any AWS call, and the arguments of `cdk`."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that was run, and every stack whose protection was removed."""
    found: list[list[str]] = []

    def run(command: Sequence[str], **_: Any) -> SimpleNamespace:
        found.append(list(command[2:]))
        return SimpleNamespace(returncode=0)

    def unprotect(*, StackName: str, **_: Any) -> None:  # noqa: N803 - boto3's name
        found.append([StackName])

    stacks = SimpleNamespace(update_termination_protection=unprotect)
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("boto3.client", lambda *_, **__: stacks)
    return found


@pytest.mark.parametrize("verb", ["deploy", "destroy"])
@pytest.mark.parametrize("stage", ["", "local", "productoin", "../staging"])
def test_an_invalid_stage_gets_one_line_and_nothing_happens(
    ran: list[list[str]], verb: str, stage: str
) -> None:
    done = CliRunner().invoke(app, [verb, stage, "--yes"])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert "staging, production" in line
    assert ran == []


def test_a_protected_stage_is_not_destroyed_without_the_option(ran: list[list[str]]) -> None:
    done = CliRunner().invoke(app, ["destroy", "production", "--yes"])
    assert (done.exit_code, ran) == (2, [])
    assert "--even-protected" in done.stderr


def test_with_the_option_it_lists_what_stays_and_removes_the_protection_first(
    ran: list[list[str]],
) -> None:
    done = CliRunner().invoke(app, ["destroy", "staging", "--yes", "--even-protected"])
    assert done.exit_code == 0
    assert "tables, key and secrets stay" in done.stdout
    assert [stack for [stack] in ran[:3]] == [
        "TopK-Staging-Edge",
        "TopK-Staging-Stateless",
        "TopK-Staging-Stateful",
    ]
    assert (ran[3][0], ran[3][-1]) == ("destroy", "--force")
    assert "stage=staging" in ran[3]


@pytest.mark.parametrize("command", [["deploy", "staging"], ["destroy", "staging",
                                                             "--even-protected"]])  # fmt: skip
def test_without_agreement_nothing_is_done(ran: list[list[str]], command: list[str]) -> None:
    done = CliRunner().invoke(app, command, input="n\n")
    assert (done.exit_code, ran) == (1, [])


def test_only_the_given_stage_is_deployed_and_a_failure_is_reported(
    ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CliRunner().invoke(app, ["deploy", "staging", "--yes"]).exit_code == 0
    assert ran[0][:2] == ["deploy", "--all"]
    assert {"target=aws", "stage=staging"} <= set(ran[0])
    monkeypatch.setattr("subprocess.run", lambda *_, **__: SimpleNamespace(returncode=1))
    failed = CliRunner().invoke(app, ["deploy", "staging", "--yes"])
    *warnings, reason = failed.stderr.splitlines()
    assert (failed.exit_code, reason) == (1, "topk: cdk deploy ended with exit code 1")
    assert [one for one in warnings if "mixing.spotify" not in one] == []
    assert warnings, "a stage whose tenants have not decided"
