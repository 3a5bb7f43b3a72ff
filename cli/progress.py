"""Progress of long operations."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)


def bars(console: Console) -> Progress:
    """Progress bars with description, count and elapsed time."""
    columns = (
        *((SpinnerColumn(),) if console.is_terminal else ()),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


@contextmanager
def shown(steps: Sequence[str], console: Console) -> Iterator[Callable[[str], None]]:
    """A bar over `steps`. Call the yielded function with each step as it starts.

    Without a terminal, each step is a line. If it ends early, the current step is marked; without
    steps there is no bar.
    """
    with bars(console) as progress:
        task = progress.add_task("", total=len(steps), visible=False)

        def begin(step: str) -> None:
            progress.update(task, description=step, completed=steps.index(step), visible=True)
            if not console.is_terminal:
                console.print(step)

        try:
            yield begin
        except BaseException:
            step = progress.tasks[task].description
            progress.update(task, description=f"[red]Not done:[/red] {step}")
            raise
        progress.update(task, description="Ready", completed=len(steps))


@contextmanager
def counted(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar over `total` items. Call the yielded function with the number of newly finished
    ones.
    """
    with bars(Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)
        yield lambda more: progress.advance(task, more)
