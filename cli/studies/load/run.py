"""Sends a plan of requests from a separate process, and reads the results."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.failure import CommandFailedError
from simulator.emulator.process import ROOT
from simulator.load.plan import Planned
from simulator.load.results import Result


def run(plan: Sequence[Planned]) -> list[Result]:
    """Returns when the plan has ended. Raises CommandFailedError if the generator fails."""
    with TemporaryDirectory(prefix="topk-load-") as folder:
        planned, results = Path(folder) / "plan.json", Path(folder) / "results.json"
        planned.write_text(json.dumps([asdict(one) for one in plan]))
        command = [sys.executable, "-m", "simulator.load.generator", str(planned), str(results)]
        done = subprocess.run(  # noqa: S603 - a module of this package
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode or not results.exists():
            last = (done.stderr.strip().splitlines() or ["no word of why"])[-1]
            raise CommandFailedError(f"the generator failed: {last}")
        return [Result(*one) for one in json.loads(results.read_text())]
