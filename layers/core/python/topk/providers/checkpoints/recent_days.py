"""Read the recent days of a complete history, with progress in a checkpoint.

Each reading covers whole days back to before the window starts, because a scrobble may be uploaded
days after the play. A typical week fits one page; a long one is read over several crawls.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import msgspec

from topk.domain.crawl.provider import Fetched
from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.domain.play import Play
from topk.domain.play_rule import PlayReport
from topk.providers.checkpoints.day_digests import Days, changed
from topk.providers.http.units import DAY_SECONDS, is_plausible

REACH_DAYS = 8
"""The seven days of a list, and the day under way."""

Span = tuple[int, int]
"""Epoch seconds, the first inclusive, the second not."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The plays of one page, its other items, and whether it ends the list.

    `skipped_at` are the times of items that cannot be read, as far as they tell.
    `is_cut` says that more was played within one second than a page shows, and that the rest of it
    cannot be asked for.
    """

    plays: Collection[Play]
    left_out: Skipped
    is_last: bool
    is_cut: bool = False
    skipped_at: Collection[int] = ()
    played: Mapping[Play, float] = field(default_factory=dict)
    """How many seconds the user listened, of the plays that report it."""


def played_seconds(reports: Iterable[PlayReport]) -> dict[Play, float]:
    """How many seconds the user listened, of the plays that report it."""
    return {one.play: one.played for one in reports if one.played is not None}


Page = Callable[[Span, int], Awaitable[Leaf]]
"""Asks for the page of that number, from 1, within a span."""
Rest = Callable[[Collection[int], Span], Span]
"""What is left of a span after a page with plays at these moments of it; the same span where the
page does not tell."""


def newest_first(found: Collection[int], span: Span) -> Span:
    """After a page of the newest plays; the second at which it was cut is read again."""
    return span[0], min(min(found, default=span[1]) + 1, span[1])


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
    page: int = 1
    """The page at which to go on within it."""

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
        self, page: Page, *, rest: Rest, most_pages: int, numbered: bool = False
    ) -> Fetched:
        """Reads up to `most_pages` of what is left.

        A page after which the same span is left is followed by the next one of that span.
        `numbered` says that pages can be asked for by number, also by a later crawl.
        """
        reading = _Reading(self.left, self.page, rest, numbered=numbered)
        for _ in range(most_pages):
            leaf = await page(reading.left, reading.page)
            reading.add(leaf, self)
            if reading.is_done:
                return self._fetched(reading, left=None)
        stuck = (reading.left, reading.page_to_keep) == (self.left, self.page)
        if stuck:  # another crawl would find what this one found
            reading.lose(reading.left[0])
        return self._fetched(reading, left=None if stuck else reading.left)

    def _fetched(self, reading: "_Reading", *, left: Span | None) -> Fetched:
        """The plays of changed days, and a checkpoint.

        A partially read day is recorded with that part and returned again once it is complete.
        """
        fresh, held = changed(sorted(reading.plays, key=_order), self.days)
        after = RecentDays(
            self.until if left else 0,
            left or (0, 0),
            self.days | held,
            reading.page_to_keep if left else 1,
        )
        return Fetched(
            fresh,
            msgspec.json.encode(after).decode(),
            crawled_through=0 if left else self.until - 1,
            gap_since=reading.gap_since,
            resume_after=0 if left else None,
            read=reading.read,
            left_out=reading.left_out,
            played=reading.played,
        )


class _Reading:
    """What the pages of one crawl have brought so far."""

    def __init__(self, left: Span, page: int, rest: Rest, *, numbered: bool) -> None:
        self.left = left
        self.page = page
        self.plays: set[Play] = set()
        self.played: dict[Play, float] = {}
        self.read = 0
        self.left_out = NOTHING_SKIPPED
        self.gap_since: int | None = None
        self.is_done = False
        self._rest = rest
        self._numbered = numbered
        self._before: Leaf | None = None

    @property
    def page_to_keep(self) -> int:
        """The page at which another crawl can go on."""
        return self.page if self._numbered else 1

    def add(self, leaf: Leaf, recent: RecentDays) -> None:
        impossible = sum(
            not is_plausible(play.listened_at, now=recent.until) for play in leaf.plays
        )
        self.read += len(leaf.plays) - impossible
        self.left_out += leaf.left_out + Skipped.of(Skip.TIME, impossible)
        self.plays |= set(_within(leaf.plays, recent.left))
        self.played |= leaf.played
        if leaf.is_cut:
            self.lose(self.left[0])
        moments = [*(play.listened_at for play in leaf.plays), *leaf.skipped_at]
        self._advance(leaf, [one for one in moments if self.left[0] <= one < self.left[1]])

    def lose(self, moment: int) -> None:
        self.gap_since = moment if self.gap_since is None else min(moment, self.gap_since)

    def _advance(self, leaf: Leaf, found: Collection[int]) -> None:
        """To the page after `leaf`. One that repeats the page before it tells nothing: the second
        that it shows is passed, and where it shows none the reading ends.
        """
        left = self._rest(found, self.left)
        page = self.page + 1 if left == self.left else 1
        repeated = self._before is not None and leaf.plays == self._before.plays
        if self._numbered and repeated and self.page > 1 and leaf.plays and not leaf.is_last:
            self.lose(self.left[0])
            left, page = (left[0], min(found, default=left[0])), 1
        self._before = leaf
        self.left, self.page = left, page
        self.is_done = leaf.is_last or left[0] >= left[1]


def _within(plays: Iterable[Play], span: Span) -> list[Play]:
    return [play for play in plays if span[0] <= play.listened_at < span[1]]


def _order(play: Play) -> tuple[int, Play]:
    return play.listened_at, play
