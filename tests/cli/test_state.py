from pathlib import Path

from cli.local_stack.ports import free_ports
from cli.local_stack.processes import Process
from cli.local_stack.state import State, load


def test_a_state_round_trips(tmp_path: Path) -> None:
    state = State(
        tmp_path,
        "http://127.0.0.1:1",
        "http://127.0.0.1:2",
        (Process("world", 123, 1.5, "world.log"),),
        {"ApiHarbor": "abc"},
        {"harbor": "http://127.0.0.1:2/abc"},
    )
    state.save()
    assert load(tmp_path) == state


def test_without_a_started_stack_there_is_no_state(tmp_path: Path) -> None:
    assert load(tmp_path) is None


def test_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20
