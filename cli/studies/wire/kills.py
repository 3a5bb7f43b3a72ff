"""Kills Lambda processes while they work."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from cli.local_stack.process_group import members
from cli.local_stack.stack import LocalStack
from infra_cdk import outputs
from simulator.listeners.dice import Dice

_EVERY_SECONDS = 0.5
_CHANCE = 0.5
"""Below 1, because on a busy machine a function takes longer to start than one interval and would
never get to run."""
_WATCHED_SECONDS = 0.05
_FUNCTIONS = ("crawl", "aggregate", "dispatch")


@contextmanager
def killing(stack: LocalStack, seed: int) -> Iterator[Counter[str]]:
    """While active, kills busy function processes now and then. Yields the kills by function."""
    killed: Counter[str] = Counter()
    over = threading.Event()
    dice = Dice("kills", seed)
    names = {stack.outputs[outputs.function(name)]: name for name in _FUNCTIONS}

    def kill() -> None:
        while not over.wait(_EVERY_SECONDS):
            busy = list(_busy(stack, names))
            if busy and dice.chance(_CHANCE):
                process, name = dice.pick(busy)
                with suppress(psutil.Error):
                    process.kill()
                    killed[name] += 1

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def _busy(stack: LocalStack, names: dict[str, str]) -> Iterator[tuple[psutil.Process, str]]:
    """The function processes that are using the CPU, each with its function's name."""
    emulator = next(one for one in stack.processes if one.name == "emulator")
    found = []
    for process in members(emulator.pid):
        with suppress(psutil.Error):
            if name := names.get(process.environ().get("AWS_LAMBDA_FUNCTION_NAME", "")):
                found.append((process, name, _seconds(process)))
    threading.Event().wait(_WATCHED_SECONDS)
    for process, name, before in found:
        with suppress(psutil.Error):
            if _seconds(process) > before:
                yield process, name


def _seconds(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)
