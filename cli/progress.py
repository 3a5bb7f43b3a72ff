"""Progress of what takes long."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def bars(console: Console) -> Progress:
    """For tasks that are counted: what, how many of how many, since when."""
    told = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*told, console=console)


@contextmanager
def shown(steps: Sequence[str], console: Console) -> Iterator[Callable[[str], None]]:
    """A bar over `steps`. The function it gives is called with each one as it begins."""
    with bars(console) as progress:
        task = progress.add_task("", total=len(steps))

        def begin(step: str) -> None:
            progress.update(task, description=step, completed=steps.index(step))

        yield begin
        progress.update(task, description="Ready", completed=len(steps))


@contextmanager
def counted(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar over `total` things. The function it gives is called with how many more are done."""
    with bars(Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)
        yield lambda more: progress.advance(task, more)
