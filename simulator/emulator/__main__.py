"""Run the pinned emulator with the fixes that this product needs.

`python -m simulator.emulator`, by the emulator's own Python, with the environment of process.py.
Each fix describes the fault; tests/emulator has a contract test for each.
"""

import os
import tempfile
from pathlib import Path

from simulator.clock import Clock
from simulator.emulator import (
    answers,
    edge,
    layers,
    logs,
    metrics,
    permissions,
    resources,
    routes,
    stream_mappings,
    workers,
    world_time,
)
from simulator.emulator.limits import table
from simulator.emulator.splice import emulated


def apply_fixes(clock: Clock, unpacked: Path) -> None:
    resources.keep_time_to_live()
    resources.allow_origins()
    resources.refer_to_secrets_by_arn()
    resources.accept_metric_math()
    resources.read_outputs_of_other_regions()
    permissions.allow_batches_by_their_single_action()
    permissions.invoke_only_with_permission()
    answers.hide_exceptions()
    metrics.collect_embedded_metrics()
    metrics.measure_every_invocation()
    metrics.measure_every_request()
    stream_mappings.deliver_streams()
    routes.match_nothing_after_a_slash()
    edge.serve_host_names()
    world_time.stamp_events(clock)
    world_time.keep_tables_in_world_time(clock)
    layers.forget_unused(unpacked)
    layers.share_unpacked_archives(unpacked)
    logs.end_logs_by_mark()
    workers.bound_workers(per_function=max(2, workers.cores()))
    workers.warm_functions()


def main() -> None:
    # Removed from the environment, because the functions inherit it.
    clock = Clock(os.environ.pop("TOPK_CLOCK"))
    unpacked = Path(os.environ.pop("TOPK_UNPACKED"))
    unpacked.mkdir(parents=True, exist_ok=True)
    # The emulator leaves temporary files behind; this folder is removed with the process. Set it
    # before the import of the emulator, which reads it.
    with tempfile.TemporaryDirectory(prefix="emulator-", ignore_cleanup_errors=True) as scratch:
        os.environ["TMPDIR"] = tempfile.tempdir = scratch
        # First, so that what is refused is measured too.
        table.keep_limits()
        apply_fixes(clock, unpacked)
        try:
            emulated("app").main()
        finally:
            workers.stop_workers()


if __name__ == "__main__":
    main()
