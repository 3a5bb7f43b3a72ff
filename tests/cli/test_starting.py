"""Starting a stack: the order, the ports, and one command at a time."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from cli.failure import CommandFailedError
from cli.local_stack import stack as local_stack
from cli.local_stack.deployment import ASSEMBLY, begin_synthesis
from cli.local_stack.ports import HOST, free_ports
from cli.local_stack.processes import Process, launch, mark, stop
from cli.local_stack.readiness import EndedEarlyError, finish
from cli.local_stack.stack import STARTS, STEPS, LocalStack
from cli.local_stack.stack_owner import StackOwner
from cli.local_stack.state import FILE, State, load
from infra_cdk import outputs

SLEEP = "import time; time.sleep(600)"
OUTPUTS = {outputs.API: "topk"}


def sleeper(name: str, folder: Path) -> Process:
    return launch(
        name, [sys.executable, "-c", SLEEP], environment={"PATH": os.defpath}, folder=folder
    )


class Beginnings:
    """Stands in for the world, the emulator and the CDK; `events` are the steps in order.

    `fault` may raise at any of them.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[str] = []
        self.states: list[State] = []
        self.processes: list[Process] = []
        self.fault: Callable[[str], None] = lambda _: None
        replaced = {
            "_launch_emulator": self._launched("emulator"),
            "_launch_world": self._launched("world"),
            "begin_synthesis": self._begun("synthesis"),
            "begin_deployment": self._begun("deploy"),
            "await_answer": lambda process, _url: self._note(f"{process.name} answers"),
            "finish": lambda process, needs: self._note(f"{process.name} ends"),
            "client": lambda *_: self,
            "deployed_outputs": lambda _: OUTPUTS,
            "add_tenants": lambda *_: self._note("tenants added"),
            "introduce": lambda _: self._note("introduced"),
        }
        for name, stand_in in replaced.items():
            monkeypatch.setattr(local_stack, name, stand_in)

    def create_bucket(self, **_: str) -> None:
        self._note("bucket")

    def _note(self, event: str) -> None:
        self.events.append(event)
        self.fault(event)

    def _launched(self, name: str) -> Callable[..., Process]:
        def launch_it(state: State, *_: object) -> Process:
            self.states.append(state)
            return self._started(name, state.folder)

        return launch_it

    def _begun(self, name: str) -> Callable[..., Process]:
        return lambda folder, **_: self._started(name, folder)

    def _started(self, name: str, folder: Path) -> Process:
        process = sleeper(name, folder)
        self.processes.append(process)
        self._note(name)
        return process


@pytest.fixture
def beginnings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Beginnings]:
    found = Beginnings(monkeypatch)
    yield found
    stop(found.processes)


@contextmanager
def taken() -> Iterator[int]:
    """A port on which something listens."""
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_deployment_waits_for_emulator_world_and_templates(
    beginnings: Beginnings, tmp_path: Path
) -> None:
    said: list[str] = []
    with LocalStack.start(folder=tmp_path / "one", on_step=said.append) as stack:
        assert stack.running
    assert said == list(STEPS)
    order = beginnings.events.index
    assert order("synthesis") < order("emulator answers"), "they are waited for together"
    for first in ("emulator answers", "bucket", "world answers", "synthesis ends"):
        assert order(first) < order("deploy"), first
    assert beginnings.events[-3:] == ["deploy ends", "introduced", "tenants added"]


@pytest.mark.parametrize(
    ("at", "error"),
    [
        ("world", KeyboardInterrupt),
        ("deploy ends", CommandFailedError),
        ("introduced", KeyboardInterrupt),
        ("tenants added", CommandFailedError),
    ],
)
def test_an_interrupted_start_leaves_nothing_running_and_the_next_one_works(
    beginnings: Beginnings, tmp_path: Path, at: str, error: Callable[[str], BaseException]
) -> None:
    def interrupt(event: str) -> None:
        if event == at:
            raise error("stopped")

    beginnings.fault = interrupt
    with pytest.raises((KeyboardInterrupt, CommandFailedError)):
        LocalStack.start(folder=tmp_path / "one")
    # The starting process is not known yet; its supervisor ends it with this process.
    known = [one for one in beginnings.processes if one.name != at]
    assert not any(one.running for one in known)
    assert not (tmp_path / "one" / FILE).exists()
    beginnings.fault = lambda _: None
    with LocalStack.start(folder=tmp_path / "one") as stack:
        assert stack.running


def test_processes_left_by_a_killed_command_are_stopped_first(
    beginnings: Beginnings, tmp_path: Path
) -> None:
    left = sleeper("emulator", tmp_path)
    State(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2", (left,)).save()
    with LocalStack.start(folder=tmp_path) as stack:
        assert not left.running
        assert stack.running
    assert left.popen is not None
    left.popen.wait()


def test_a_stack_left_running_on_purpose_is_kept(beginnings: Beginnings, tmp_path: Path) -> None:
    LocalStack.start(folder=tmp_path).detach()
    with pytest.raises(
        CommandFailedError, match=r"is already running; `topk down --name .+` stops it"
    ):
        LocalStack.start(folder=tmp_path)
    again = LocalStack.attach(tmp_path)
    assert again.running
    again.stop()
    assert load(tmp_path) is None
    assert not mark(tmp_path).exists()


def test_the_second_of_two_concurrent_commands_ends_with_one_line(
    beginnings: Beginnings, tmp_path: Path
) -> None:
    reached, go_on = Event(), Event()

    def wait(event: str) -> None:
        if event == "emulator answers":
            reached.set()
            assert go_on.wait(60)

    beginnings.fault = wait
    started: list[LocalStack] = []
    first = Thread(target=lambda: started.append(LocalStack.start(folder=tmp_path)))
    first.start()
    try:
        assert reached.wait(60)
        with pytest.raises(CommandFailedError, match=f"in use by another command.*{os.getpid()}"):
            LocalStack.start(folder=tmp_path)
    finally:
        go_on.set()
        first.join()
    assert started[0].running, "the first is undisturbed"
    with pytest.raises(CommandFailedError, match="in use by another command"):
        LocalStack.start(folder=tmp_path)
    started[0].stop()
    StackOwner.of(tmp_path).release()


def test_the_given_port_is_the_worlds_and_the_next_the_emulators(
    beginnings: Beginnings, tmp_path: Path
) -> None:
    port = next(port for port in free_ports(20) if port < 65_535)
    with LocalStack.start(folder=tmp_path, port=port) as stack:
        assert stack.world_url == f"http://127.0.0.1:{port}"
        assert stack.emulator_url == f"http://127.0.0.1:{port + 1}"


@pytest.mark.parametrize("which", [0, 1])
def test_a_given_port_in_use_is_reported_before_anything_starts(
    beginnings: Beginnings, tmp_path: Path, which: int
) -> None:
    with taken() as port, pytest.raises(CommandFailedError, match=f"port {port} is in use"):
        LocalStack.start(folder=tmp_path, port=port - which)
    assert beginnings.processes == []


def test_other_ports_are_tried_if_another_process_takes_one(
    beginnings: Beginnings, tmp_path: Path
) -> None:
    held: list[socket.socket] = []

    def take(event: str) -> None:
        if event == "emulator answers" and not held:
            _, port = beginnings.states[-1].emulator_url.rsplit(":", 1)
            held.append(socket.create_server((HOST, int(port))))
            raise EndedEarlyError("emulator ended unexpectedly")

    beginnings.fault = take
    with held_open(held), LocalStack.start(folder=tmp_path) as stack:
        assert stack.running
        assert stack.emulator_url != beginnings.states[0].emulator_url


def test_an_emulator_that_fails_for_another_reason_is_not_restarted(
    beginnings: Beginnings, tmp_path: Path
) -> None:
    def fail(event: str) -> None:
        if event == "emulator answers":
            raise EndedEarlyError("emulator ended unexpectedly")

    beginnings.fault = fail
    with pytest.raises(EndedEarlyError):
        LocalStack.start(folder=tmp_path)
    assert beginnings.events.count("emulator") == 1
    assert STARTS > 1


@contextmanager
def held_open(sockets: list[socket.socket]) -> Iterator[None]:
    yield
    for one in sockets:
        one.close()


@pytest.mark.xdist_group("local stack")
def test_the_templates_are_written_without_the_emulator(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as emulator:
        url = f"http://{HOST}:{emulator.getsockname()[1]}"
        synthesis = begin_synthesis(tmp_path, world_url="http://127.0.0.1:8700", emulator_url=url)
        finish(synthesis)
        emulator.setblocking(False)
        with pytest.raises(BlockingIOError):
            emulator.accept()
    assert (tmp_path / ASSEMBLY / "manifest.json").exists()
