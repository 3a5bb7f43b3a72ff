"""Measures how functions start: init, first invocation, and warm invocations.

Each start is a process that can import only what the deployed function can, on the sandbox over
HTTP. A function with SnapStart continues from a snapshot: its first invocation is that of a
process forked after its hooks.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from cli.failure import CommandFailedError
from cli.local_stack.stack import EMULATOR_PYTHON
from cli.sandbox.served import ServedSandbox, served
from cli.studies.benchmark.imports import layer_path
from infra_cdk.functions.declarations import SPECS
from simulator.emulator.process import ROOT
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.stores.tables.profiles import Profiles

EVENTS: Mapping[str, str] = {
    "read": "top",
    "connect": "list",
    "account": "change",
    "privacy": "erasure",
    "export": "mine",
    "card": "link_png",
    "ingest": "delivered",
    "scrobble": "submit_single",
    "dispatch": "tick",
    "crawl": "due",
    "imports": "not_uploaded",
    "aggregate": "insert",
    "announce": "written",
    "erase": "first_pass",
    "archive": "batch",
    "purge": "weekly",
}
"""Function -> its measured event in events/<function>/, which may be repeated."""
PHASES = ("init", "before_snapshot", "first", "warm")


def measure(
    functions: Sequence[str], *, starts: int, on_start: Callable[[str], None]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each function's medians of `starts` starts. Raises CommandFailedError if one fails."""
    with served() as sandbox, TemporaryDirectory() as folder:
        for name in functions:
            on_start(name)
            _start(name, sandbox, Path(folder))  # Writes the bytecode, which layers contain.
            yield name, _medians([_start(name, sandbox, Path(folder)) for _ in range(starts)])


def _start(name: str, sandbox: ServedSandbox, folder: Path) -> dict[str, Any]:
    out = folder / "start.json"
    event = ROOT / "events" / name / f"{EVENTS[name]}.json"
    path = [*layer_path(SPECS[name].layer)]
    environment = sandbox.furnish()
    Profiles().put(Owner("harbor", "anna"), Profile(visibility=Visibility.PUBLIC))
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [EMULATOR_PYTHON, "-m", "cli.studies.starts.worker", name, event, out],
        cwd=ROOT,
        env={
            **environment,
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTHONPYCACHEPREFIX": str(ROOT / ".topk" / "starts"),
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandFailedError(f"{name} did not start: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(out.read_bytes())
    return found


def _medians(starts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        phase: {kind: median(one[phase][kind] for one in starts) for kind in ("cpu_ms", "wall_ms")}
        for phase in PHASES
    }
    return found | {"resident_mb": median(one["resident_mb"] for one in starts)}
