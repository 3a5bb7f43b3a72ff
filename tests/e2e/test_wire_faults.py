"""Lists are exact after faults between the functions and AWS, and killed functions."""

from pathlib import Path

from rich.progress import Progress

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import midnight_after
from cli.studies.wire.run import run
from topk.clock import wall_clock


def test_every_list_is_exact_after_the_faults_end(tmp_path: Path) -> None:
    with LocalStack.start(folder=tmp_path / "wire", users=4, seed=7) as stack:
        result = run(
            stack,
            7,
            Progress(disable=True),
            begin=midnight_after(wall_clock()),
            nights=1,
            storm_seconds=20,
        )
    assert result.faults == {}
    assert (result.users, result.exact) == (4, 4)
    assert sum(result.injected.values()) > 10
