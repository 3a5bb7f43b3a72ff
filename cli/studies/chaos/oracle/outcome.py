"""Runs one seed, from its plan to the verdict."""

import gc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from cli.studies.chaos.fault_run import FaultRun
from cli.studies.chaos.mutations import MUTATIONS
from cli.studies.chaos.oracle.judgement import judge
from cli.studies.chaos.plan import Plan, draw
from simulator.scheduler import RunawayError


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wrong` is empty if every promise was kept. `injected` counts faults by name.

    `trace` has lines only if the run was traced; equal runs have equal digests.
    """

    seed: int
    wrong: Sequence[str]
    injected: dict[str, int]
    lists: int
    digest: str
    trace: Sequence[str]
    plan: dict[str, Any]


def run_seed(seed: int, *, traced: bool = False, mutation: str = "") -> Outcome:
    """Runs the plan of `seed`; `mutation` names a guard of the product to remove."""
    return run_plan(draw(seed), traced=traced, mutation=mutation)


def run_plan(plan: Plan, *, traced: bool = False, mutation: str = "") -> Outcome:
    # With hundreds of live coroutines, garbage collection takes a tenth of a run and frees little.
    gc.disable()
    try:
        # On the main thread asyncio sets up signal handlers each time a loop runs.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(_run, plan, traced=traced, mutation=mutation).result()
    finally:
        gc.enable()
        gc.collect()


def _run(plan: Plan, *, traced: bool, mutation: str) -> Outcome:
    with ExitStack() as stack:
        if mutation:
            stack.enter_context(MUTATIONS[mutation].applied())
        fault_run = stack.enter_context(FaultRun(plan, traced=traced))
        try:
            fault_run.live()
            wrong = judge(fault_run)
        except RunawayError as error:
            wrong = [f"messages grow without end: {error}"]
        return Outcome(
            seed=plan.seed,
            wrong=wrong,
            injected={
                fault.word: times for fault, times in fault_run.injector.injected.items() if times
            },
            lists=len(fault_run.world.listeners),
            digest=fault_run.trace.digest,
            trace=fault_run.trace.lines,
            plan=plan.described(),
        )
