"""Rows of much-followed owners, kept in the memory of a process.

Every view of a celebrity would read the same few rows, and one partition serves 3,000 reads a
second. What decides on access is at most VISIBILITY_SECONDS old: an owner's settings are read
again after that, and their blocks where a stamp among the settings says so. A list is kept longer,
as long as the settings it was read under stand. Nothing is kept of owners with few followers,
and the edge of a viewer is read each time.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from threading import Lock

from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.window import Window
from topk.stores.dynamodb.rows import Row, text
from topk.stores.tables.profiles import profile

VISIBILITY_SECONDS = 4
"""Requests carry whole seconds: less than five in any case."""
LIST_SECONDS = 120
"""Also the time after which an unblocked viewer sees the list again at the latest."""
SETTLING_SECONDS = 10
"""Blocks are read again for so long after their stamp, as the index may be behind."""
MOST_KEPT = 500
"""Owners. A list has some 3 KB."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """User ids. `by_owner` are those the owner has blocked, `of_owner` those who blocked them;
    None where they are too many to keep.
    """

    by_owner: Collection[str] | None
    of_owner: Collection[str] | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of an owner: `checked_at` and `read_at` are when the profile and the list were read
    (epoch seconds). `blocks` is None until the owner is seen for the second time.
    """

    profile: Row
    top_list: Row | None
    checked_at: int
    read_at: int
    blocks: Blocks | None = None

    @property
    def needs_edge(self) -> bool:
        """Whether followers alone may see the list."""
        found = profile(self.profile)
        return found is None or found.visibility is not Visibility.PUBLIC


class PopularLists:
    """`read_profile` and `read_blocks` read from the tables; None for an owner without a profile.
    Single flight: one thread reads while the others wait for what it finds.
    """

    def __init__(
        self,
        read_profile: Callable[[Owner], Row | None],
        read_blocks: Callable[[Owner], Blocks],
        *,
        most: int = MOST_KEPT,
    ) -> None:
        self._read_profile, self._read_blocks = read_profile, read_blocks
        self._most = most
        self._kept: OrderedDict[Owner, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, owner: Owner, *, now: int) -> Kept | None:
        """What is kept of `owner` and may be used at `now`; None if their rows have to be read."""
        with self._lock:
            kept = self._kept.pop(owner, None)
            fresh = self._fresh(owner, kept, now) if kept else None
            if fresh:
                self._kept[owner] = fresh
            return fresh

    def keep(self, owner: Owner, chosen: Row | None, top_list: Row | None, *, now: int) -> None:
        """Keep rows that were just read, if the owner is one whose rows are kept."""
        if chosen is None or not _is_kept(profile(chosen)):
            return
        with self._lock:
            self._kept[owner] = Kept(chosen, top_list, now, now)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _fresh(self, owner: Owner, kept: Kept, now: int) -> Kept | None:
        if not 0 <= now - kept.read_at < LIST_SECONDS or _is_of_another_day(kept, now):
            return None
        if now - kept.checked_at >= VISIBILITY_SECONDS:
            chosen = self._read_profile(owner)
            if chosen is None or not _is_kept(profile(chosen)) or _hides_more(kept, chosen):
                return None
            stands = kept.blocks is None or _blocks_stand(kept, chosen, now)
            kept = replace(
                kept, profile=chosen, checked_at=now, blocks=kept.blocks if stands else None
            )
        return kept if kept.blocks else replace(kept, blocks=self._read_blocks(owner))


def _is_kept(chosen: Profile | None) -> bool:
    return (
        chosen is not None
        and chosen.much_followed
        and not chosen.erasing
        and chosen.visibility is not Visibility.PRIVATE
    )


def _is_of_another_day(kept: Kept, now: int) -> bool:
    """Whether the list has to be built again, which a read of the rows finds out."""
    chosen = profile(kept.profile)
    if kept.top_list is None or chosen is None:
        return True
    today = Window.current(now, chosen.time_zone).as_of
    return text(kept.top_list, "as_of") != today.isoformat()


def _hides_more(kept: Kept, chosen: Row) -> bool:
    """Whether the list was read under other settings than `chosen`."""
    before, after = profile(kept.profile), profile(chosen)
    return (
        before is None
        or after is None
        or (before.hidden, before.time_zone, before.plays_deleted_at)
        != (after.hidden, after.time_zone, after.plays_deleted_at)
    )


def _blocks_stand(kept: Kept, chosen: Row, now: int) -> bool:
    stamp = _stamp(chosen)
    return stamp == _stamp(kept.profile) and now - stamp >= SETTLING_SECONDS


def _stamp(chosen: Row) -> int:
    return int(chosen["blocks_changed_at"]["N"]) if "blocks_changed_at" in chosen else 0
