"""Restores the plays of a deployment from its archive, file by file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cli.recovery.position import Position
from cli.recovery.restore_plays import Restored
from topk.domain.owner import Owner

_DONE = "file"


@dataclass
class Tally:
    files: int = 0
    chunks: int = 0
    owners: set[Owner] = field(default_factory=set)


def restore_files(
    files: Sequence[str],
    restore: Callable[[str], Restored],
    *,
    position: Position,
    passed: Callable[[int], None],
) -> Tally:
    """Restores `files`, which are in order, except those that are done by `position`. Calls
    `passed` after each.

    The position moves after each file, so an interruption repeats a file but skips none.
    """
    done = (position.read() or {}).get(_DONE, "")
    tally = Tally()
    for file in files:
        if file > done:
            back = restore(file)
            tally.files += 1
            tally.chunks += back.chunks
            tally.owners |= back.owners
            position.write({_DONE: file})
        passed(1)
    position.clear()
    return tally
