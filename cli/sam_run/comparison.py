"""What functions do with fixtures in Lambda's runtime, held to what they do in process."""

import io
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any

from cli.failure import CommandFailedError
from cli.sam_run.assembly import Assembly, give_tenants
from cli.sam_run.bench import Bench, bench, expect
from cli.sam_run.fixture import Fixture
from cli.sam_run.outcome import differences
from cli.sandbox.deployment import TENANTS


def judged(
    wanted: list[Fixture], assembly: Assembly, *, docker: bool
) -> Iterator[tuple[Fixture, list[str]]]:
    """Each fixture with where it differs. In process and in the runtime run side by side."""
    give_tenants(assembly, TENANTS.read_bytes())
    spawn = get_context("spawn")
    with (
        ProcessPoolExecutor(1, spawn, initializer=_hush) as inside,
        ProcessPoolExecutor(1, spawn, initializer=_hush) as outside,
    ):
        twice = [(inside.submit(expect, one), inside.submit(expect, one)) for one in wanted]
        found = [outside.submit(_run, assembly, one, docker=docker) for one in wanted]
        for fixture, (one, other), result in zip(wanted, twice, found, strict=True):
            try:
                yield fixture, differences(one.result(), other.result(), result.result())
            except CommandFailedError as error:
                yield fixture, [error.message]


_held = ExitStack()
_benches: list[Bench] = []


def _hush() -> None:
    """Drops what functions log."""
    sys.stdout = io.StringIO()


def _run(assembly: Assembly, fixture: Fixture, *, docker: bool) -> dict[str, Any]:
    """In a process of its own, whose sandbox stands as long as the process does."""
    if not _benches:
        _benches.append(_held.enter_context(bench(assembly, docker=docker)))
    return _benches[0].run(fixture)
