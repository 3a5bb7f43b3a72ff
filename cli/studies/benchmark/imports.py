"""Measures the CPU time of a function's imports in a fresh interpreter.

Only deployed code is available: our package, the function's layer, and Lambda's botocore. In a
development environment, libraries would load optional packages too.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from cli.local_stack.stack import EMULATOR_PYTHON
from cli.studies.benchmark.measuring import Sample
from cli.studies.benchmark.size import Size
from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.packages import installed
from simulator.emulator.process import ROOT

_CORE = ROOT / "layers" / "core" / "python"
_CACHE = ROOT / ".topk" / "layers"
_TIMED = """
import time
began = time.process_time()
import {module}
print(1000 * (time.process_time() - began))
"""


def measure(size: Size) -> dict[str, Sample]:
    """CPU milliseconds by function, with bytecode, which layers do not contain."""
    found = {
        name: _sample(f"functions.{name}.handler", layer_path(spec.layer), size)
        for name, spec in SPECS.items()
    }
    return found | {"naive": _sample("simulator.naive.crawl", [], size)}


def layer_path(group: str) -> list[Path]:
    """The module path of a function with the layer `group`, besides Lambda's own modules."""
    requirements = ROOT / "requirements" / f"{group}.txt"
    layer = installed(requirements, ("--python", sys.executable), _CACHE)
    return [ROOT, _CORE, layer / "python"]


def _sample(module: str, path: Sequence[Path], size: Size) -> Sample:
    _import(module, path)
    return Sample.of(_import(module, path) for _ in range(size.starts))


def _import(module: str, path: Sequence[Path]) -> float:
    """In the emulator's environment, which has no packages of ours, where there is a `path`."""
    done = subprocess.run(  # noqa: S603 - our own interpreters and code
        [EMULATOR_PYTHON if path else sys.executable, "-s", "-c", _TIMED.format(module=module)],
        cwd=ROOT,
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(map(str, path))},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)
