"""Runs all benchmarks, each in its own process, against the stand-in in another.

Each process can import only the packages that its function needs, because libraries load optional
packages if they find them, which costs memory and time.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cli.local_stack.ports import free_ports
from cli.local_stack.processes import launch, stop
from cli.local_stack.readiness import await_answer, finish
from cli.local_stack.stack import EMULATOR_PYTHON
from cli.studies.benchmark.imports import layer_path
from cli.studies.benchmark.imports import measure as measure_imports
from cli.studies.benchmark.size import FULL, QUICK

CRAWLS, AGGREGATES = ("crawl-20", "crawl-50"), ("aggregate-30", "aggregate-200", "aggregate-3000")
PUSHES = ("ingest", "scrobble")
BENCHMARKS = (*CRAWLS, *AGGREGATES, "read", "dispatch", *PUSHES, "naive-20", "naive-50")
IMPORTS = "imports"
WAITING = "waiting"
"""Runs only on request: what it measures is not CPU time."""
STEPS: Sequence[str] = (*BENCHMARKS, IMPORTS)


def run(
    *,
    quick: bool,
    on_step: Callable[[str], None],
    benchmarks: Sequence[str] = BENCHMARKS,
    imports: bool = True,
) -> dict[str, Any]:
    """The figures by benchmark, and with `imports` of the functions' imports.

    `crawl-20` is with 20 in flight, `aggregate-30` of owners who play 30 songs a day. Raises
    CommandFailedError, naming a log, if one fails.
    """
    folder = Path(tempfile.mkdtemp(prefix="topk-bench-"))
    environment = {"PATH": os.defpath, "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC"}
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "simulator.stand_in.serve", "--port", str(port)]
    stand_in = launch("stand-in", command, environment=environment, folder=folder)
    try:
        await_answer(stand_in, f"{url}/control/ready")
        found: dict[str, Any] = {}
        for name in benchmarks:
            on_step(name)
            found[name] = _measured(name, url, environment, folder, quick=quick)
    finally:
        stop([stand_in])
    shutil.rmtree(folder)
    if imports:
        on_step(IMPORTS)
        found[IMPORTS] = msgspec.to_builtins(measure_imports(QUICK if quick else FULL))
    return found


def _measured(
    name: str, url: str, environment: dict[str, str], folder: Path, *, quick: bool
) -> dict[str, Any]:
    out = folder / f"{name}.json"
    python, path = _interpreter(name.partition("-")[0])
    command = [python, "-m", "cli.studies.benchmark.worker", name, url, str(out)]
    worker = launch(
        name,
        [*command, *(["quick"] if quick else [])],
        environment=environment | {"PYTHONPATH": os.pathsep.join(map(str, path))},
        folder=folder,
    )
    try:
        finish(worker)
    finally:
        stop([worker])
    measured: dict[str, Any] = json.loads(out.read_bytes())
    return measured


def _interpreter(kind: str) -> tuple[str, Sequence[Path]]:
    """The Python in which a benchmark runs, and where it finds its modules."""
    if kind == "naive":
        return sys.executable, []
    # Ingestion's takes the stand-in's constants, which need its HTTP library.
    layer = "providers" if kind in {"crawl", "ingest", WAITING} else "data"
    return str(EMULATOR_PYTHON), layer_path(layer)
