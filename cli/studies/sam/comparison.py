"""Compares the results of functions in Lambda's runtime with those in process."""

import io
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any

from cli.failure import CommandFailedError
from cli.studies.sam.assembly import Assembly
from cli.studies.sam.bench import Bench, bench, expect
from cli.studies.sam.fixture import Fixture
from cli.studies.sam.outcome import differences


def judged(
    wanted: list[Fixture], assembly: Assembly, *, docker: bool
) -> Iterator[tuple[Fixture, list[str]]]:
    """Each fixture with its differences, in the order of `wanted`."""
    at_once = os.cpu_count() or 1
    spawn = get_context("spawn")
    with (
        ProcessPoolExecutor(1, spawn, initializer=_hush) as inside,
        ProcessPoolExecutor(at_once, spawn, initializer=_hush) as outside,
        ThreadPoolExecutor(at_once + 1) as lanes,
    ):

        def judge(fixture: Fixture) -> list[str]:
            one = inside.submit(expect, fixture).result()
            try:
                found = outside.submit(_run, assembly, fixture, docker=docker).result()
            except CommandFailedError as error:
                return [error.message]
            # Results that depend on the clock differ between two runs in process too.
            other = one if found == one else inside.submit(expect, fixture).result()
            return differences(one, other, found)

        yield from zip(wanted, lanes.map(judge, wanted), strict=True)


_held = ExitStack()
_benches: list[Bench] = []


def _hush() -> None:
    """Drops what functions log."""
    sys.stdout = io.StringIO()


def _run(assembly: Assembly, fixture: Fixture, *, docker: bool) -> dict[str, Any]:
    """Runs in a separate process, whose sandbox exists as long as the process."""
    if not _benches:
        _benches.append(_held.enter_context(bench(assembly, docker=docker)))
    return _benches[0].run(fixture)
