"""The timetable: fixed slots of the day, spread evenly over all connections.

A slot is the minute of the UTC day at which it starts. A cadence of n crawls a day is n evenly
spaced entries. Every entry is due every day; which are left out while the provider's budget is too
small is decided by their class (load_shedding.py).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from topk.domain.crawl.load_shedding import Census, CrawlClass, is_kept, level

DAY_MINUTES = 1440
DAY_SECONDS = 86_400
PER_DAY = (1, 2, 3, 4, 6, 8, 12, 24)
"""Possible crawls a day, whole hours apart: the slots of 24 include all others."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """`per_day` crawls a day, and what may be left out of them.

    An account can wait `every_days` for a crawl without losing plays; more than one only with one
    crawl a day. Of an account whose pushes bring its plays, one crawl in `pulled_every` days asks
    the provider. `followed`: its owner has many followers.
    """

    per_day: int = 1
    every_days: int = 1
    pulled_every: int = 1
    followed: bool = False

    @property
    def crawl_class(self) -> CrawlClass:
        return CrawlClass(self.every_days, self.followed, self.pulled_every)


DAILY = Cadence()


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheduled crawl of a connection, in the slot `minute` and the partition `shard`."""

    owner_key: str
    provider: str
    minute: int
    shard: int
    cadence: Cadence = DAILY

    def is_kept(self, day: int, price: float) -> bool:
        """Whether it is dispatched on `day` (days since the epoch) at the price of its budget."""
        at_level = level(self.cadence.crawl_class, price)
        turn = day * self.cadence.per_day + self.minute * self.cadence.per_day // DAY_MINUTES
        return is_kept(f"{self.owner_key}#{self.provider}", turn, at_level)


@dataclass(frozen=True, slots=True)
class Shard:
    """A partition of every slot, and how far it was dispatched.

    `through` is the last dispatched slot (epoch seconds), None before the first time. No other tick
    may walk the shard before `leased_until` (epoch seconds). `census` counts its rows of the day.
    """

    number: int
    through: int | None = None
    leased_until: int = 0
    census: Census = field(default_factory=Census)


@dataclass(frozen=True, slots=True)
class Grid:
    """The slots of the day and the partitions of a slot."""

    slot_minutes: int = 1
    shards: int = 1

    def entries(self, owner_key: str, provider: str, cadence: Cadence) -> tuple[Entry, ...]:
        """The entries of a connection: a function of its key, so that a repeat changes nothing."""
        digest = hashlib.blake2b(f"{owner_key}#{provider}".encode(), digest_size=8).digest()
        spread = int.from_bytes(digest[:4])
        shard = int.from_bytes(digest[4:]) % self.shards
        step = DAY_MINUTES // cadence.per_day
        first = spread % step
        return tuple(
            Entry(owner_key, provider, self.slot_of(first + step * turn), shard, cadence)
            for turn in range(cadence.per_day)
        )

    def every_entry(self, owner_key: str, provider: str) -> tuple[Entry, ...]:
        """All entries that a connection can have, whatever its cadence is or was."""
        return self.entries(owner_key, provider, Cadence(per_day=PER_DAY[-1]))

    def slot_of(self, minute: int) -> int:
        return minute - minute % self.slot_minutes

    def slots_between(self, after: int, until: int) -> Iterator[tuple[int, int]]:
        """The slots that started in (`after`, `until`], both epoch seconds: (day, minute of day).

        A gap longer than a day visits each slot once, at its latest start, because one crawl
        catches up on everything.
        """
        width = self.slot_minutes * 60
        first = after // width + 1
        last = until // width
        for slot in range(max(first, last - DAY_SECONDS // width + 1), last + 1):
            yield slot * width // DAY_SECONDS, slot * width % DAY_SECONDS // 60
