"""A rehearsal: a stage of cdk.json on an emulator of its own, updated, and removed out of every
half-made state."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.failure import CommandFailedError
from cli.launch.stage_account import StageAccount, declared, stage_account
from cli.local_stack.ports import free_ports
from cli.local_stack.processes import launch, stop
from cli.local_stack.readiness import await_answer
from cli.local_stack.stack import EMULATOR_PYTHON
from cli.studies.rehearsal.account import Account
from cli.studies.rehearsal.data import put
from cli.studies.rehearsal.half_made import PROTECTED, STATES, Made, Removal, State, removed
from cli.studies.rehearsal.stage import DONE, Stage
from cli.studies.rehearsal.updates import UPDATES, Target, Updated, updated
from infra_cdk.config import EDGE_REGION, deployments
from simulator.emulator.process import EmulatorProcess

LOOK_SECONDS, LONGEST_SECONDS = 0.2, 600.0
Passed = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """`unprotected` leaves nothing behind; `protected` leaves what its templates retain."""

    unprotected: Sequence[Removal]
    protected: Sequence[Removal]
    updates: Sequence[Updated]

    @property
    def holds(self) -> bool:
        removals = (*self.unprotected, *self.protected)
        return all(one.holds for one in removals) and all(one.holds for one in self.updates)


def rehearse(stage: str, passed: Passed = lambda _: None) -> Rehearsed:
    """Rehearse `stage` of cdk.json. `passed` gets the name of each part.

    Raises BadParameter if there is no such stage on AWS, and CommandFailedError if it cannot be
    deployed.
    """
    real = stage_account(stage)
    with (
        tempfile.TemporaryDirectory(prefix="topk-rehearsal-") as name,
        emulator(Path(name)) as started,
    ):
        account = Account(started.url, real.region, EDGE_REGION)
        folder = Path(name)
        unprotected = _rehearsal(stage, account, folder / "unprotected", protected=False)
        updates = [*_updates(unprotected, passed)]
        removals = [*_removals(unprotected, STATES, passed)]
        shutil.rmtree(folder / "unprotected")
        protected = _rehearsal(stage, account, folder / "protected", protected=True)
        return Rehearsed(removals, [*_removals(protected, PROTECTED, passed)], updates)


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    context: dict[str, Any]
    made: Made


def _rehearsal(stage: str, account: Account, folder: Path, *, protected: bool) -> _Rehearsal:
    context = declared() | {"target": "aws", "stage": stage}
    context["stages"][stage]["protected"] = protected
    (deployment,) = deployments(context)
    stacks = StageAccount(deployment, account.client).stacks
    made = Stage(account, stacks, folder, await_status)
    return _Rehearsal(context, Made(made, made.synthesise(context), deployment))


def _updates(rehearsal: _Rehearsal, passed: Passed) -> Iterator[Updated]:
    made = rehearsal.made
    target = Target(made.stage, made.deployment.name, rehearsal.context, made.templates)
    made.stage.account.reset()
    statuses = made.stage.deploy(made.templates)
    if not {*statuses.values()} <= DONE:
        raise CommandFailedError(f"cannot be deployed: {statuses}")
    data = put(made.stage, target.stateful)
    for update in UPDATES:
        passed(update.name)
        yield updated(target, update, data)


def _removals(rehearsal: _Rehearsal, states: Sequence[State], passed: Passed) -> Iterator[Removal]:
    for state in states:
        passed(state.name)
        yield removed(rehearsal.made, state, poll_seconds=LOOK_SECONDS)


@contextmanager
def emulator(folder: Path) -> Iterator[EmulatorProcess]:
    """An emulator that runs meanwhile, with its files in `folder`."""
    if not EMULATOR_PYTHON.exists():
        raise CommandFailedError("the emulator is not installed; run `make setup`")
    started = EmulatorProcess(
        EMULATOR_PYTHON, free_ports(1)[0], folder, folder / "clock.json", folder / "unpacked"
    )
    process = launch("emulator", started.command, environment=started.environment, folder=folder)
    try:
        await_answer(process, f"{started.url}/_ministack/ready")
        yield started
    finally:
        stop([process])


def await_status(look: Callable[[], str | None]) -> str:
    """The first status that `look` finds. Raises CommandFailedError after ten minutes."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise CommandFailedError("the emulator's CloudFormation does not finish")
        time.sleep(LOOK_SECONDS)
    return found
