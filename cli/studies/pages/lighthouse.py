"""Lighthouse on a page, by Node, in the browser of the tests."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli import tools
from cli.chromium import FLAGS, environment, executable
from cli.failure import CommandFailedError
from cli.studies.pages.scene import Scene
from simulator.emulator.process import ROOT

CATEGORIES = ("accessibility", "best-practices", "performance")
_COMMAND = ROOT / "web" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
_SECONDS = 300
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """`scores` (0 to 100) by category; `missed` describes the failed audits."""

    scores: Mapping[str, int]
    missed: tuple[str, ...]


def installed() -> None:
    """Raises CommandFailedError, with instructions, if Lighthouse or a browser is missing."""
    executable()
    if not _COMMAND.exists():
        raise CommandFailedError("Lighthouse is not installed; `make lighthouse` installs it")


def judged(address: str, scene: Scene, report: Path) -> Judged:
    """Lighthouse's result for the page at `address` on a phone, with the session of `scene`.

    Writes the complete result to the file `report`. Raises CommandFailedError if Lighthouse fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        cookies = "; ".join(f"{name}={value}" for name, value in scene.session.items())
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookies}), encoding="utf-8")
        flags = (*FLAGS, "--headless", f"--user-data-dir={folder}/profile")
        _run(
            address,
            f"--extra-headers={headers}",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={' '.join(flags)}",
        )
    return read(json.loads(report.read_text(encoding="utf-8")))


def read(report: Mapping[str, Any]) -> Judged:
    """https://github.com/GoogleChrome/lighthouse/blob/main/docs/understanding-results.md"""
    categories = {name: report["categories"][name] for name in CATEGORIES}
    weighed = {one["id"] for of in categories.values() for one in of["auditRefs"] if one["weight"]}
    audits = {name: report["audits"][name] for name in sorted(weighed)}
    return Judged(
        {name: round(found["score"] * 100) for name, found in categories.items()},
        tuple(f"{name}: {one['title']}" for name, one in audits.items() if _misses(one)),
    )


def _misses(audit: Mapping[str, Any]) -> bool:
    """An audit that does not apply has no score."""
    return audit["score"] is not None and audit["score"] < 1


def _run(address: str, *options: str) -> None:
    """Lighthouse sometimes loses the trace of a page, and must be run again."""
    command = [tools.node(), str(_COMMAND), address, "--quiet", "--output=json"]
    for _ in range(_TRIES):
        ended = subprocess.run(  # noqa: S603 - what runs is ours
            [*command, *options],
            env=environment() | {"CHROME_PATH": executable()},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if not ended.returncode:
            return
    raise CommandFailedError(f"Lighthouse failed: {ended.stderr.strip()[-300:]}")
