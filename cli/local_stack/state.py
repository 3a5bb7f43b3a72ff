"""State of a local stack between commands: its state.json, without secrets."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from cli.local_stack.processes import Process
from simulator.emulator.process import ROOT

FILE = "state.json"
STACKS = ROOT / ".topk" / "stacks"


@dataclass(frozen=True)
class State:
    """`outputs` and `api_urls` (by tenant) are empty until the deployment has finished."""

    folder: Path
    world_url: str
    emulator_url: str
    processes: tuple[Process, ...] = ()
    outputs: dict[str, str] = field(default_factory=dict)
    api_urls: dict[str, str] = field(default_factory=dict)

    def save(self) -> None:
        plain = asdict(replace(self, processes=()))
        plain["folder"] = str(self.folder)
        plain["processes"] = [
            {"name": one.name, "pid": one.pid, "started": one.started, "log": one.log}
            for one in self.processes
        ]
        draft = self.folder / f"{FILE}.new"
        draft.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
        draft.replace(self.folder / FILE)

    @property
    def running(self) -> bool:
        return any(process.running for process in self.processes)

    @property
    def ready(self) -> bool:
        """Whether the deployment is done."""
        return bool(self.api_urls)


def load(folder: Path) -> State | None:
    """The state of the stack in `folder`, or None."""
    try:
        plain = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    processes = tuple(Process(**one) for one in plain.pop("processes"))
    return State(**{**plain, "folder": folder, "processes": processes})


def running() -> list[State]:
    """The stacks of this checkout that are running or being started."""
    states = (load(STACKS / name) for name in known())
    return [state for state in states if state is not None and state.running]


def known() -> Iterator[str]:
    """The names of all local stacks with a state file."""
    yield from sorted(found.parent.name for found in STACKS.glob(f"*/{FILE}"))
