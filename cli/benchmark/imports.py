"""What loading a function costs: the CPU time of its imports in a fresh interpreter."""

import subprocess
import sys

from cli.benchmark.measuring import Sample
from cli.benchmark.size import Size
from cli.replay import FUNCTIONS
from simulator.emulator.process import ROOT

_TIMED = """
import time
began = time.process_time()
import {module}
print(1000 * (time.process_time() - began))
"""


def measure(size: Size) -> dict[str, Sample]:
    """CPU milliseconds by function. The bytecode is there, as in the deployed layers."""
    modules = {name: f"functions.{name}.handler" for name in FUNCTIONS}
    modules["naive"] = "simulator.naive.crawl"
    for module in modules.values():
        _import(module)
    return {
        name: Sample.of(_import(module) for _ in range(size.starts))
        for name, module in modules.items()
    }


def _import(module: str) -> float:
    code = _TIMED.format(module=module)
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return float(done.stdout)
