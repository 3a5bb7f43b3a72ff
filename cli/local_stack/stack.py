"""The whole product on this machine: the simulated world, the AWS emulator and the deployment."""

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from cli.failure import CommandFailedError
from cli.local_stack.declared import declared
from cli.local_stack.deployment import (
    ASSEMBLY,
    STAGING_BUCKET,
    begin_deployment,
    begin_synthesis,
    deployed_outputs,
)
from cli.local_stack.emulator_client import client
from cli.local_stack.introduction import introduce
from cli.local_stack.ports import free_ports, is_free, require_free
from cli.local_stack.processes import Process, launch, mark, stop
from cli.local_stack.readiness import EndedEarlyError, await_answer, finish
from cli.local_stack.stack_owner import FILE as OWNER_FILE
from cli.local_stack.stack_owner import StackOwner
from cli.local_stack.state import FILE, State, load
from cli.local_stack.tenants import add_tenants
from simulator.emulator.process import ROOT, EmulatorProcess

EMULATOR_PYTHON = ROOT / ".topk" / "emulator-venv" / "bin" / "python"
STEPS = (
    "Wait for the AWS emulator",
    "Wait for the simulated world",
    "Wait for the templates (CDK synthesis)",
    "Deploy to the emulator (cdk deploy)",
    "Hand out the providers' credentials",
)
STARTS = 3
"""How often other ports are tried where another process took one in between."""

OnStep = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The options of a stack.

    `users` and `seed` make the world. The world listens on `port` and the emulator on the next one;
    None picks free ports. Pages at `origins` may call the APIs and embed the widget.
    """

    users: int = 60
    seed: int = 7
    port: int | None = None
    origins: Sequence[str] = ()


class LocalStack:
    """A running stack; as a context manager it stops at the end.

    `name`, `world_url`, `emulator_url`, `api_urls` by tenant, the deployment's `outputs` by name
    (see infra_cdk/outputs.py), and `clock_file`, the world's clock that the emulator follows.
    """

    def __init__(self, state: State, owner: StackOwner | None = None) -> None:
        self._state = state
        self._owner = owner
        self.folder = state.folder
        self.name = state.folder.name
        self.world_url = state.world_url
        self.emulator_url = state.emulator_url
        self.outputs = state.outputs
        self.api_urls = state.api_urls
        self.clock_file = clock_file(state.folder)

    @classmethod
    def start(
        cls,
        *,
        folder: Path,
        users: int = Wanted.users,
        seed: int = Wanted.seed,
        port: int | None = None,
        origins: Sequence[str] = (),
        on_step: OnStep = lambda _: None,
    ) -> Self:
        """Start everything in `folder`, deploy, and return when it is ready.

        See Wanted for the options. `on_step` is called with each of STEPS as it begins. Raises
        CommandFailedError, with nothing left running, if a step fails, a port is in use, or another
        stack runs or is being started in `folder`.
        """
        if not EMULATOR_PYTHON.exists():
            raise CommandFailedError("the emulator is not installed; run `make setup`")
        wanted = Wanted(users=users, seed=seed, port=port, origins=tuple(origins))
        owner = StackOwner.of(folder)
        try:
            _make_room(folder)
            return cls(_begin_on_free_ports(folder, wanted, on_step), owner)
        except BaseException:
            owner.release()
            raise

    @classmethod
    def attach(cls, folder: Path) -> Self:
        """The stack that was started in `folder`. Raises CommandFailedError if there is none."""
        state = load(folder)
        if state is None:
            raise CommandFailedError(f"{folder.name} is not running")
        return cls(state)

    @property
    def running(self) -> bool:
        return self._state.running

    @property
    def processes(self) -> tuple[Process, ...]:
        return self._state.processes

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator with the root user's permissions."""
        return client(service, self.emulator_url)

    def detach(self) -> None:
        """Let the stack outlive this process."""
        mark(self.folder).touch()
        self._release()

    def stop(self) -> None:
        """Stop every process of the stack, however it was started. Logs are kept."""
        _stop(self._state)
        self._release()

    def _release(self) -> None:
        if self._owner is not None:
            self._owner.release()
            self._owner = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def clock_file(folder: Path) -> Path:
    return folder / "clock.json"


def _scratch(folder: Path) -> Path:
    return folder / "scratch"


def _stop(state: State) -> None:
    stop(state.processes)
    mark(state.folder).unlink(missing_ok=True)
    (state.folder / FILE).unlink(missing_ok=True)
    shutil.rmtree(_scratch(state.folder), ignore_errors=True)


def _make_room(folder: Path) -> None:
    """Remove the files that an earlier run left in `folder`.

    Keeps the assembly, so that the CDK reuses assets that have not changed. Raises
    CommandFailedError if the earlier stack was left running on purpose.
    """
    earlier = load(folder)
    if earlier is not None and earlier.running:
        if mark(folder).exists():
            name = folder.name
            raise CommandFailedError(
                f"{name} is already running; `topk down --name {name}` stops it"
            )
        _stop(earlier)
    for left in folder.glob("*"):
        if left.is_file():
            if left.name != OWNER_FILE:
                left.unlink()
        elif left.name != ASSEMBLY:
            shutil.rmtree(left, ignore_errors=True)


def _begin_on_free_ports(folder: Path, wanted: Wanted, on_step: OnStep) -> State:
    """Another process may take a port picked by the system before it is used; then others are
    tried.
    """
    tries = STARTS if wanted.port is None else 1
    while True:
        tries -= 1
        state = _reserve(folder, wanted.port)
        try:
            return _begin(state, wanted, on_step)
        except EndedEarlyError:
            if not tries or all(map(is_free, _ports(state))):
                raise


def _reserve(folder: Path, port: int | None) -> State:
    world, emulator = free_ports(2) if port is None else (port, port + 1)
    for one in (world, emulator):
        require_free(one)
    _scratch(folder).mkdir(parents=True, exist_ok=True)
    state = State(folder, f"http://127.0.0.1:{world}", f"http://127.0.0.1:{emulator}")
    state.save()
    return state


def _ports(state: State) -> list[int]:
    return [httpx2.URL(url).port or 0 for url in (state.world_url, state.emulator_url)]


def _begin(state: State, wanted: Wanted, on_step: OnStep) -> State:
    """Start, deploy and introduce; on failure nothing is left running."""
    started: list[Process] = []

    def keep(process: Process) -> Process:
        # Written down at once, so that it can be stopped whatever happens next.
        started.append(process)
        replace(state, processes=tuple(started)).save()
        return process

    try:
        return _deploy(state, wanted, keep, on_step)
    except BaseException:
        _stop(replace(state, processes=tuple(started)))
        raise


def _deploy(
    state: State, wanted: Wanted, keep: Callable[[Process], Process], on_step: OnStep
) -> State:
    on_step(STEPS[0])
    emulator = keep(_launch_emulator(state))
    world = keep(_launch_world(state, wanted))
    # Takes longer than the others' start, and needs no more of them than the ports.
    synthesis = keep(
        begin_synthesis(
            state.folder,
            world_url=state.world_url,
            emulator_url=state.emulator_url,
            origins=wanted.origins,
        )
    )
    await_answer(emulator, f"{state.emulator_url}/_ministack/ready")
    client("s3", state.emulator_url).create_bucket(Bucket=STAGING_BUCKET)
    on_step(STEPS[1])
    await_answer(world, f"{state.world_url}/world/clock")
    on_step(STEPS[2])
    finish(synthesis, needs=(emulator, world))
    on_step(STEPS[3])
    # Only when the emulator answers: see begin_deployment.
    deploy = keep(begin_deployment(state.folder, emulator_url=state.emulator_url))
    finish(deploy, needs=(emulator, world))
    on_step(STEPS[4])
    found = deployed_outputs(state.folder)
    urls = {
        tenant: f"{state.emulator_url}/_aws/execute-api/{tenant.replace('_', '-')}/$default"
        for tenant in declared().tenants
    }
    done = replace(state, processes=(emulator, world), outputs=found, api_urls=urls)
    introduce(done)
    add_tenants(done, wanted.origins)
    done.save()
    return done


def _launch_emulator(state: State) -> Process:
    port = httpx2.URL(state.emulator_url).port or 0
    process = EmulatorProcess(
        EMULATOR_PYTHON, port, _scratch(state.folder), clock_file(state.folder)
    )
    return launch("emulator", process.command, environment=process.environment, folder=state.folder)


def _launch_world(state: State, wanted: Wanted) -> Process:
    port = httpx2.URL(state.world_url).port
    command = [
        sys.executable, "-m", "simulator.serve",
        "--port", str(port),
        "--users", str(wanted.users),
        "--seed", str(wanted.seed),
        "--clock", str(clock_file(state.folder)),
        *(f"--origin={origin}" for origin in wanted.origins),
    ]  # fmt: skip
    return launch("world", command, environment={"LANG": "C.UTF-8"}, folder=state.folder)
