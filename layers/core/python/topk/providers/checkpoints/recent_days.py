"""Read the recent days of a complete history, with progress in a checkpoint.

Each reading covers whole days back to before the window starts, because a scrobble may be uploaded
days after the play. A typical week fits one page; a long one is read over several crawls.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Self

import msgspec

from topk.domain.crawl.provider import Fetched
from topk.domain.play import Play
from topk.providers.checkpoints.day_digests import Days, changed
from topk.providers.http.units import DAY_SECONDS, is_plausible

REACH_DAYS = 8
"""The seven days of a list, and the day under way."""

Span = tuple[int, int]
"""Epoch seconds, the first inclusive, the second not."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The plays of one page, how many of its items cannot be read, and whether it ends the list."""

    plays: Collection[Play]
    unreadable: int
    is_last: bool


Rest = Callable[[Collection[int], Span], Span]
"""What is left of a span after a page with plays at these moments of it."""


def newest_first(found: Collection[int], span: Span) -> Span:
    """After a page of the newest plays; the second at which it was cut is read again."""
    return span[0], min(min(found, default=span[0]) + 1, span[1] - 1)


def oldest_first(found: Collection[int], span: Span) -> Span:
    """After a page of the oldest plays; the second at which it was cut is read again."""
    return max(max(found, default=span[1]), span[0] + 1), span[1]


class RecentDays(msgspec.Struct, frozen=True, omit_defaults=True):
    """Progress of the current reading, and digests of the days at the last one."""

    until: int = 0
    """Up to when the reading under way goes; 0 between two readings."""
    left: Span = (0, 0)
    """What of it is still to be read."""
    days: Days = {}

    @classmethod
    def of(cls, checkpoint: str) -> Self:
        """What `checkpoint` says; nothing read where it is empty or unreadable."""
        try:
            return msgspec.json.decode(checkpoint or "{}", type=cls)
        except msgspec.DecodeError:
            return cls()

    def begun(self, *, now: int) -> "RecentDays":
        """The reading under way, or the start of one that goes up to `now`."""
        if self.until:
            return self
        first = now // DAY_SECONDS - REACH_DAYS
        days = {day: digest for day, digest in self.days.items() if day >= first}
        return RecentDays(now + 1, (first * DAY_SECONDS, now + 1), days)

    async def read(
        self,
        page: Callable[[Span], Awaitable[Leaf]],
        *,
        rest: Rest,
        most_pages: int,
    ) -> Fetched:
        """Reads up to `most_pages` of what is left; `page` gives one of a span."""
        left = self.left
        plays: set[Play] = set()
        skipped = 0
        for _ in range(most_pages):
            leaf = await page(left)
            skipped += leaf.unreadable + sum(
                not is_plausible(play.listened_at, now=self.until) for play in leaf.plays
            )
            plays |= set(_within(leaf.plays, self.left))
            left = rest([play.listened_at for play in _within(leaf.plays, left)], left)
            if leaf.is_last or left[0] >= left[1]:
                return self._fetched(plays, left=None, skipped=skipped)
        # No further crawl that would find the same.
        return self._fetched(plays, left=left if left != self.left else None, skipped=skipped)

    def _fetched(self, plays: Iterable[Play], *, left: Span | None, skipped: int) -> Fetched:
        """The plays of changed days, and a checkpoint.

        A partially read day is recorded with that part and returned again once it is complete.
        """
        fresh, held = changed(sorted(plays, key=_order), self.days)
        after = RecentDays(self.until if left else 0, left or (0, 0), self.days | held)
        return Fetched(
            fresh,
            msgspec.json.encode(after).decode(),
            crawled_through=0 if left else self.until - 1,
            resume_after=0 if left else None,
            skipped=skipped,
        )


def _within(plays: Iterable[Play], span: Span) -> list[Play]:
    return [play for play in plays if span[0] <= play.listened_at < span[1]]


def _order(play: Play) -> tuple[int, Play]:
    return play.listened_at, play
