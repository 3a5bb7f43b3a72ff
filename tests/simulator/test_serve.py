"""The world as a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_reports_when_it_is_ready_and_stops_quietly_on_a_signal(
    tmp_path: Path, how: signal.Signals
) -> None:
    clock = tmp_path / "clock.json"
    clock.write_text(json.dumps({"now": 1_790_000_000, "set_at": 0, "running": False}))
    command = [sys.executable, "-m", "simulator.serve", "--users", "4", "--songs", "100"]
    with subprocess.Popen(
        [*command, "--clock", str(clock)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            address = ready.split()[-1]
            assert httpx2.get(f"{address}/world/clock").json()["now"] == 1_790_000_000
            httpx2.get(f"{address}/spotify/accounts/authorize?state=fake-secret-state")
        finally:
            process.send_signal(how)
            rest = process.stdout.read() if process.stdout else ""
    assert process.returncode == 0
    assert ready == f"The world is at {address}\n"
    assert rest == ""


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--habits", "1,99", "there is no habit '99'"), ("--providers", "napster", "'napster'")],
)
def test_an_invalid_option_is_refused(tmp_path: Path, option: str, value: str, said: str) -> None:
    command = [sys.executable, "-m", "simulator.serve", "--clock", str(tmp_path / "clock.json")]
    refused = subprocess.run(
        [*command, option, value], capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 2
    assert said in refused.stderr
