"""A client of a provider, run in a process of its own."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.tools import node
from simulator.clock import Clock
from tests.clients.front import Front

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".topk" / "clients-venv" / "bin" / "python"
FLOWS = Path(__file__).with_name("flows")
NODE_FLOWS = Path(__file__).with_name("node")
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Client:
    """Runs the steps of one flow against the world behind `front`, at the time of its clock."""

    command: Sequence[str]
    front: Front
    clock: Clock

    def __call__(self, step: str, **given: object) -> Any:
        """What the step returns. Fails with the client's own traceback where it raises."""
        order = {"port": self.front.port, "now": self.clock.now(), "given": given}
        done = subprocess.run(
            [*self.command, step],
            input=json.dumps(order),
            capture_output=True,
            encoding="utf-8",
            env=_environment(self.front.authority),
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def python_flow(module: str) -> list[str]:
    return [str(PYTHON), str(FLOWS / "run.py"), module]


def node_flow(module: str) -> list[str]:
    return [node(), str(NODE_FLOWS / "run.js"), module]


def _environment(authority: Path) -> dict[str, str]:
    """Trusts that authority alone; no proxy, and no setting of the developer's."""
    trusted = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "NODE_EXTRA_CA_CERTS")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | dict.fromkeys(trusted, str(authority))
