"""What was played between two readings of a list that is ordered by the latest play of each entry.

A play moves its entry to the top; the list is cut off at its depth. So the new list is the entries
played since, latest first, and then the old list without them. A repeat of the top entry changes
nothing and cannot be seen.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def count_played(old: Sequence[T], new: Sequence[T], *, depth: int) -> int | None:
    """How many leading entries of `new` were played since `old`, the fewest that explain it.

    Where nothing stands as it stood, either all of a full list was played or an entry was withdrawn
    from it (a song leaves the catalogue): the latter is assumed where at least half of the new list
    keeps the old order. None where neither can be: a list that is not full loses no entry by being
    listened to.
    """
    count = _moved(old, new, full=len(new) >= depth)
    if count is None or (count == len(new) and old):
        kept = [entry for entry in old if entry in new]
        withdrawn = _moved(kept, new, full=False)
        if kept and withdrawn is not None and (len(new) - withdrawn) * 2 >= len(new):
            return withdrawn
    return count


def is_older(old: Sequence[T], new: Sequence[T], *, depth: int) -> bool:
    """Whether `new` is what stood before `old`, served late from a cache.

    Fewer plays explain how `old` came from it than how it came from `old`, and what they played is
    missing in it: an entry leaves a list at its end alone. An older list of the same entries cannot
    be distinguished from plays in turn.
    """
    back = _moved(new, old, full=len(old) >= depth)
    if back is None or back == len(old) or all(entry in new for entry in old[:back]):
        return False
    forth = _moved(old, new, full=len(new) >= depth)
    return forth is None or back < forth


def _moved(old: Sequence[T], new: Sequence[T], *, full: bool) -> int | None:
    left = list(old)
    for count in range(len(new) + 1):
        rest = list(new[count:])
        if rest == left[: len(rest)] and (full or len(rest) == len(left)):
            return count
        if rest and rest[0] in left:
            left.remove(rest[0])
    return None
