"""Common start of every invocation."""

import gc
from collections.abc import Callable, Iterator
from functools import lru_cache

from topk.runtime.observability import count

_YOUNG = 10_000
"""Garbage collection threshold: about the number of objects that building a list creates and frees.
"""


def begin_invocation() -> None:
    """Count the first invocation of a process; a SnapStart restore is a new process.

    At the second invocation, everything that a process creates once exists. It is then excluded
    from garbage collection, so that no reader waits for a full scan.
    """
    next(_firsts(), _nothing)()


def restart() -> None:
    """A new process continues from a snapshot of this one."""
    _firsts.cache_clear()


@lru_cache(maxsize=1)
def _firsts() -> Iterator[Callable[[], None]]:
    return iter((_count_cold_start, _settle))


def _count_cold_start() -> None:
    count({"ColdStart": 1})


def _settle() -> None:
    gc.freeze()
    gc.set_threshold(_YOUNG)


def _nothing() -> None: ...
