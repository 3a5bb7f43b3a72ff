"""The local stack through its commands, next to any other running stack."""

import json
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import psutil
import pytest

from cli.local_stack.declared import declared
from cli.local_stack.stack import LocalStack
from cli.local_stack.state import STACKS
from infra_cdk import outputs
from simulator.emulator.process import ROOT

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("local stack")]

NAME = "commands-test"


def topk(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cli.start", *arguments, "--name", NAME],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def processes() -> list[int]:
    """Every process whose command line names the stack's folder."""
    folder = str(STACKS / NAME)
    return [one.pid for one in psutil.process_iter() if folder in " ".join(_command(one))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    topk("down")
    started = topk("up", "--users", "3", "--seed", "1")
    assert started.returncode == 0, started.stderr
    try:
        yield LocalStack.attach(STACKS / NAME)
    finally:
        topk("down")


def test_processes_started_by_up_outlive_it_and_are_listed(stack: LocalStack) -> None:
    assert stack.running
    with httpx2.Client(timeout=60, trust_env=False) as http:
        listeners = http.get(f"{stack.world_url}/world/listeners").json()
        assert len(listeners) == 3
        for url in stack.api_urls.values():
            assert http.get(f"{url}/v1/me").status_code == 401


def test_each_provider_has_the_credentials_of_the_service(stack: LocalStack) -> None:
    secrets = stack.client("secretsmanager")
    kept = {
        name: json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
        for name, arn in stack.outputs.items()
        if name.startswith("Secret")
    }
    assert set(kept) == {outputs.secret(provider) for provider in declared().providers}
    assert "BEGIN PRIVATE KEY" in kept["SecretAppleMusic"]["private_key"]
    query = {
        "client_id": kept["SecretSpotify"]["client_id"],
        "redirect_uri": f"{stack.api_urls['harbor']}/v1/oauth/spotify/callback",
        "response_type": "token",
    }
    answer = httpx2.get(
        f"{stack.world_url}/spotify/accounts/authorize", params=query, trust_env=False
    )
    # Client and redirect are trusted, so errors are returned by redirect, not on a page.
    assert answer.headers["location"].startswith(query["redirect_uri"])


def test_no_secret_is_left_in_the_state_or_the_logs(stack: LocalStack) -> None:
    secrets = stack.client("secretsmanager")
    arn = stack.outputs["SecretSpotify"]
    secret = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["client_secret"]
    for file in (*stack.folder.glob("*.json"), *stack.folder.glob("*.log")):
        assert secret not in file.read_text(), file.name


def test_status_shows_addresses_queues_and_tables(stack: LocalStack) -> None:
    shown = topk("status")
    assert shown.returncode == 0, shown.stderr
    assert shown.stderr == f"Local stack: {NAME}\n"
    for expected in (stack.world_url, "QueueSpotify", "DeadLettersYoutube", "TableConnections"):
        assert expected in shown.stdout, shown.stdout


def test_a_stack_that_runs_is_not_started_again(stack: LocalStack) -> None:
    again = topk("up")
    assert again.returncode == 1
    assert again.stderr == f"topk: {NAME} is already running; `topk down --name {NAME}` stops it\n"


def test_down_ends_every_process_and_can_be_repeated(stack: LocalStack) -> None:
    assert processes()
    assert topk("down").stdout == f"{NAME} stopped\n"
    assert processes() == []
    assert topk("down").returncode == 0
    assert topk("status").returncode == 3
