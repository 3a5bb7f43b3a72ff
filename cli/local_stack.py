"""The whole product on this machine: the simulated world, the AWS emulator and the deployment."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from cli.declared import declared
from cli.deployment import ASSEMBLY, STAGING_BUCKET, begin_deployment, finish_deployment
from cli.emulator_client import client
from cli.failure import CommandFailedError
from cli.introduction import introduce
from cli.ports import free_ports
from cli.processes import Process, await_answer, launch, mark, stop
from cli.state import FILE, State, load
from infra_cdk import outputs
from simulator.emulator.process import ROOT, EmulatorProcess

EMULATOR_PYTHON = ROOT / ".topk" / "emulator-venv" / "bin" / "python"
STEPS = ("Start the world and the emulator", "Deploy", "Hand out the providers' credentials")
READY_SECONDS = 60.0

OnStep = Callable[[str], None]


class LocalStack:
    """A running stack; as a context manager it stops at the end.

    `world_url`, `emulator_url`, `api_urls` by tenant, the deployment's `outputs` by name (see
    infra_cdk/outputs.py), and `clock_file`, the world's clock that the emulator follows.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.folder = state.folder
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
        users: int = 60,
        seed: int = 7,
        on_step: OnStep = lambda _: None,
    ) -> Self:
        """Start everything in `folder`, deploy and return once it can be used.

        `on_step` hears each of STEPS as it begins. Raises CommandFailedError, with nothing left
        running, if a step fails or if the stack in `folder` runs already.
        """
        earlier = load(folder)
        if earlier is not None and earlier.running:
            raise CommandFailedError(f"{folder.name} runs already; `topk down` stops it")
        if not EMULATOR_PYTHON.exists():
            raise CommandFailedError("the emulator is not installed; run `make setup`")
        _clear(folder)
        state = _reserve(folder)
        started: list[Process] = []
        try:
            return cls(_begin(state, started, users=users, seed=seed, on_step=on_step))
        except BaseException:
            cls(replace(state, processes=tuple(started))).stop()
            raise

    @classmethod
    def attach(cls, folder: Path) -> Self:
        """The stack that was started in `folder`. Raises CommandFailedError if there is none."""
        state = load(folder)
        if state is None:
            raise CommandFailedError(f"{folder.name} does not run; `topk up` starts it")
        return cls(state)

    @property
    def running(self) -> bool:
        return self._state.running

    @property
    def processes(self) -> tuple[Process, ...]:
        return self._state.processes

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator with the rights of the account's root user."""
        return client(service, self.emulator_url)

    def detach(self) -> None:
        """Let the stack outlive this process."""
        mark(self.folder).touch()

    def stop(self) -> None:
        """End every process of the stack, however it was started; the logs stay."""
        stop(self.processes)
        mark(self.folder).unlink(missing_ok=True)
        (self.folder / FILE).unlink(missing_ok=True)
        shutil.rmtree(_scratch(self.folder), ignore_errors=True)

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


def _clear(folder: Path) -> None:
    """Remove what an earlier run left in `folder`, except for the assembly: the CDK finds the
    assets there that have not changed."""
    for left in folder.glob("*"):
        if left.is_file():
            left.unlink()
        elif left.name != ASSEMBLY:
            shutil.rmtree(left, ignore_errors=True)
    _scratch(folder).mkdir(parents=True, exist_ok=True)


def _reserve(folder: Path) -> State:
    world, emulator = free_ports(2)
    state = State(folder, f"http://127.0.0.1:{world}", f"http://127.0.0.1:{emulator}")
    state.save()
    return state


def _begin(
    state: State, started: list[Process], *, users: int, seed: int, on_step: OnStep
) -> State:
    def keep(process: Process) -> Process:
        # Written down at once, so that it can be stopped whatever happens next.
        started.append(process)
        replace(state, processes=tuple(started)).save()
        return process

    on_step(STEPS[0])
    emulator = keep(_launch_emulator(state))
    world = keep(_launch_world(state, users=users, seed=seed))
    # The synthesis takes longer than the others' start, and needs no more of them than the ports.
    deploy = keep(
        begin_deployment(state.folder, world_url=state.world_url, emulator_url=state.emulator_url)
    )
    await_answer(emulator, f"{state.emulator_url}/_ministack/ready", within=READY_SECONDS)
    client("s3", state.emulator_url).create_bucket(Bucket=STAGING_BUCKET)
    await_answer(world, f"{state.world_url}/world/clock", within=READY_SECONDS)
    on_step(STEPS[1])
    found = finish_deployment(deploy, state.folder)
    on_step(STEPS[2])
    urls = {
        tenant: f"{state.emulator_url}/_aws/execute-api/{found[outputs.api(tenant)]}/$default"
        for tenant in declared().tenants
    }
    done = replace(state, processes=(emulator, world), outputs=found, api_urls=urls)
    introduce(done)
    done.save()
    return done


def _launch_emulator(state: State) -> Process:
    port = httpx2.URL(state.emulator_url).port or 0
    process = EmulatorProcess(
        EMULATOR_PYTHON, port, _scratch(state.folder), clock_file(state.folder)
    )
    return launch("emulator", process.command, environment=process.environment, folder=state.folder)


def _launch_world(state: State, *, users: int, seed: int) -> Process:
    port = httpx2.URL(state.world_url).port
    command = [sys.executable, "-m", "simulator.serve", "--port", str(port), "--users", str(users),
               "--seed", str(seed), "--clock", str(clock_file(state.folder))]  # fmt: skip
    return launch("world", command, environment={"LANG": "C.UTF-8"}, folder=state.folder)
