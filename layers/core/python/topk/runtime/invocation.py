"""What every function does first."""

import gc
from collections.abc import Callable, Iterator
from functools import lru_cache

from topk.runtime.observability import count

_YOUNG = 10_000
"""Objects made since the collector last looked. A list makes as many and drops them by itself."""


def begin_invocation() -> None:
    """Counts the first invocation of a process; one that SnapStart restored is a new one.

    With the second, all is there that a process makes once. From then on the garbage collector
    leaves it alone: searching it takes 50 ms, which some reader would wait for.
    """
    next(_firsts(), _nothing)()


@lru_cache(maxsize=1)
def _firsts() -> Iterator[Callable[[], None]]:
    return iter((_count_cold_start, _settle))


def _count_cold_start() -> None:
    count({"ColdStart": 1})


def _settle() -> None:
    gc.freeze()
    gc.set_threshold(_YOUNG)


def _nothing() -> None: ...
