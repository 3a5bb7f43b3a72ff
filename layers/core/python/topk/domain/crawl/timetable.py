"""The timetable: fixed slots of the day, spread evenly over all connections.

A slot is the minute of the UTC day at which it starts. A cadence of n crawls a day is n evenly
spaced entries; one crawl every n days is one entry with its days.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

DAY_MINUTES = 1440
DAY_SECONDS = 86_400
PER_DAY = (1, 2, 3, 4, 6, 8, 12, 24)
"""Possible crawls a day, whole hours apart: the slots of 24 include all others."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """`per_day` crawls a day on every `every_days`-th day. One of the two is 1."""

    per_day: int = 1
    every_days: int = 1


DAILY = Cadence()


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheduled crawl of a connection, in the slot `minute` and the partition `shard`."""

    owner_key: str
    provider: str
    minute: int
    shard: int
    every_days: int = 1
    anchor_day: int = 0

    def due_on(self, day: int) -> bool:
        """Whether it is due on `day` (days since the epoch)."""
        return (day - self.anchor_day) % self.every_days == 0


@dataclass(frozen=True, slots=True)
class Shard:
    """A partition of every slot, and how far it was dispatched.

    `through` is the last dispatched slot (epoch seconds), None before the first time. No other tick
    may walk the shard before `leased_until` (epoch seconds).
    """

    number: int
    through: int | None = None
    leased_until: int = 0


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
            Entry(
                owner_key,
                provider,
                self.slot_of(first + step * turn),
                shard,
                cadence.every_days,
                spread % cadence.every_days,
            )
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
