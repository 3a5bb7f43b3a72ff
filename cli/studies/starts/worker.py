"""The process of one start: `python -m cli.studies.starts.worker FUNCTION EVENT OUT`.

It imports nothing but what a deployed function has. A process that continues from a snapshot is a
fork of this one, made after the hooks that run before the snapshot.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WARM = 20


class _Context:
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def __init__(self, function: str) -> None:
        self.function_name = function

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def main(function: str, event: str, out: str) -> None:
    given = json.loads(Path(event).read_text(encoding="utf-8"))
    found: dict[str, Any] = {
        "init": _timed(lambda: importlib.import_module(f"functions.{function}.handler"))
    }
    handler = sys.modules[f"functions.{function}.handler"].lambda_handler
    hooks = importlib.import_module("snapshot_restore_py")
    found["before_snapshot"] = _timed(lambda: _run(hooks.get_before_snapshot()))
    results = Path(out)
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        sys.exit(os.waitstatus_to_exitcode(status))

    def first() -> None:
        _run(hooks.get_after_restore())
        answer = handler(given, _Context(function))
        if isinstance(answer, dict) and answer.get("statusCode", 200) >= 400:
            sys.exit(f"{function} answered {answer}")

    found["first"] = _timed(first)
    warm = [_timed(lambda: handler(given, _Context(function))) for _ in range(WARM)]
    found["warm"] = sorted(warm, key=lambda one: one["cpu_ms"])[WARM // 2]
    found["resident_mb"] = _resident_mb()
    results.write_text(json.dumps(found), encoding="utf-8")


def _run(hooks: Any) -> None:
    for act, arguments, named in hooks:
        act(*arguments, **named)


def _timed(act: Callable[[], object]) -> dict[str, float]:
    """Milliseconds of CPU, in all threads of this process, and of the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    return {
        "cpu_ms": 1000 * (time.process_time() - cpu),
        "wall_ms": 1000 * (time.perf_counter() - wall),
    }


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
