"""Progress bars never stop silently."""

import io

import pytest
from rich.console import Console

from cli.progress import shown

STEPS = ("Wait for the emulator", "Deploy")


def test_without_a_terminal_each_step_is_a_line() -> None:
    console = Console(file=io.StringIO(), force_terminal=False)
    with shown(STEPS, console) as begin:
        begin(STEPS[0])
        begin(STEPS[1])
    lines = written(console)
    assert lines[:2] == list(STEPS)
    assert "Ready" in lines[-1]
    assert "2/2" in lines[-1]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_the_step_at_which_it_ends_early_is_marked(error: type[BaseException]) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)

    def ends_early() -> None:
        with shown(STEPS, console) as begin:
            begin(STEPS[1])
            raise error

    with pytest.raises(error):
        ends_early()
    assert f"{STEPS[1]} " in "".join(written(console)).rpartition("Not done:")[2]


def written(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().strip().splitlines()
