"""What every function does first."""

import gc
from collections.abc import Callable, Iterator
from functools import lru_cache

from topk.runtime.observability import count


def begin_invocation() -> None:
    """Counts the first invocation of a process; one that SnapStart restored is a new one.

    With the second, all is there that a process makes once. From then on the garbage collector
    leaves it alone: searching it takes 50 ms, which some reader would wait for.
    """
    next(_firsts(), _nothing)()


@lru_cache(maxsize=1)
def _firsts() -> Iterator[Callable[[], None]]:
    return iter((_count_cold_start, gc.freeze))


def _count_cold_start() -> None:
    count({"ColdStart": 1})


def _nothing() -> None: ...
