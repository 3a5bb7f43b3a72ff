"""Maloja, a server for scrobbles that speaks the same protocols, run on this machine.

Source: https://github.com/krateng/maloja.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from cli.local_stack.ports import free_ports
from tests.clients.client import PYTHON
from tests.waiting import eventually

YEAR = "2026"
"""Of the plays that are compared."""
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Maloja:
    """`http` is a client of its root address."""

    http: httpx2.Client

    @property
    def scrobbles(self) -> set[tuple[str, str, int]]:
        """Title, artist and time of all that it stored."""
        listed = (
            self.http.get("/apis/mlj_1/scrobbles", params={"in": YEAR})
            .raise_for_status()
            .json()["list"]
        )
        return {
            (one["track"]["title"], ", ".join(one["track"]["artists"]), one["time"])
            for one in listed
        }

    @property
    def counts(self) -> dict[str, int]:
        """Its charts: how often each title was played."""
        listed = (
            self.http.get("/apis/mlj_1/charts/tracks", params={"in": YEAR})
            .raise_for_status()
            .json()["list"]
        )
        return {one["track"]["title"]: one["scrobbles"] for one in listed}

    def _listed(self, what: str) -> list[Any]:
        answer = self.http.get(f"/apis/mlj_1/{what}", params={"in": YEAR})
        listed: list[Any] = answer.raise_for_status().json()["list"]
        return listed


@contextmanager
def maloja(folder: Path, *, user: str, key: str) -> Iterator[Maloja]:
    """A new server whose only user is `user`, and whose players use `key`."""
    folder.mkdir()
    (folder / "apikeys.yml").write_text(f"player: {key}\n", encoding="utf-8")
    port = free_ports(1)[0]
    settings = {
        "DATA_DIRECTORY": str(folder),
        "SKIP_SETUP": "true",
        "FORCE_PASSWORD": "fake-password",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "NAME": user,
        "TIMEZONE": "0",
    }
    with (folder / "maloja.out").open("wb") as log:
        server = subprocess.Popen(
            [str(PYTHON.with_name("maloja")), "run"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={
                "PATH": f"{PYTHON.parent}:{os.environ['PATH']}",
                "HOME": str(folder),
                **{f"MALOJA_{name}": value for name, value in settings.items()},
            },
        )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            eventually(lambda: _is_ready(http, server), within=_PATIENCE_SECONDS)
            yield Maloja(http)
    finally:
        server.terminate()
        server.wait(_PATIENCE_SECONDS)


def _is_ready(http: httpx2.Client, server: "subprocess.Popen[bytes]") -> bool:
    assert server.poll() is None, "Maloja ended"
    try:
        info: dict[str, Any] = http.get("/apis/mlj_1/serverinfo").json()
    except httpx2.TransportError:
        return False
    return bool(info["db_status"]["healthy"])
