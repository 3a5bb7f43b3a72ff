"""Keep a connection's timetable rows consistent with its cadence.

The rows are several items without a transaction. Rows that make crawls more frequent, or less
likely to be left out, are written before the connection is updated, and others follow it: a crash
in between leaves an extra row, never a missing one. Because another crawl may change the cadence
concurrently, the connection is read again after writing rows, and rows are corrected if it has
changed. An extra row is removed by the crawl that it triggers.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from topk.domain.account.connection import Connection
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.timetable import DAY_SECONDS, Cadence, Entry, Grid
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.usecases.ports import Connections, Timetable

TRIES = 5
Key = tuple[Owner, str]
Rows = dict[int, Entry]
"""Rows by the minute of their slot, which identifies a connection's row."""


@dataclass(frozen=True, slots=True)
class ScheduleWriter:
    """Raises StoreError if a table fails; the next crawl repairs the rows."""

    connections: Connections
    timetable: Timetable
    grid: Grid

    def update(self, before: Connection, after: Connection) -> Connection:
        """Update the connection, and its rows if the cadence changed. Raises ConflictError."""
        if after.cadence == before.cadence:
            return self.connections.update(after)
        key = (after.owner, after.provider)
        old, new = self._rows(key, before.cadence), self._rows(key, after.cadence)
        self.timetable.add(row for minute, row in new.items() if _denser(row, old.get(minute)))
        try:
            updated = self.connections.update(after)
        except ConflictError:
            self._settle(key, self._current(key), old | new)  # the rows are the winner's
            raise
        self._settle(key, after.cadence, old)
        return updated

    def put(self, connection: Connection) -> None:
        """Write a new connection, or replace one with rows of any cadence.

        It continues the old version count, so that a running crawl of the old connection cannot
        overwrite it. Raises ConflictError if crawls keep winning the race.
        """
        key = (connection.owner, connection.provider)
        self.timetable.add(self._rows(key, connection.cadence).values())
        for _ in range(TRIES):
            with suppress(ConflictError):
                return self._write(connection)
        raise ConflictError("connection")

    def heal(self, job: CrawlJob, connection: Connection | None) -> None:
        """Remove the row that triggered `job` if it does not belong to the connection's cadence."""
        if not job.slot:
            return
        key = (job.owner, job.provider)
        cadence = connection.cadence if connection else None
        if job.slot % DAY_SECONDS // 60 not in self._rows(key, cadence):
            self._settle(key, cadence, self._every_row(key))

    def remove(self, owner: Owner, provider: str) -> None:
        """Remove all possible rows of the connection."""
        self.timetable.remove(self.grid.every_entry(owner.key, provider))

    def _write(self, connection: Connection) -> None:
        key = (connection.owner, connection.provider)
        before = self.connections.get_many([key])
        if not before:
            self.connections.put(connection)
            return
        self.connections.update(replace(connection, version=before[0].version))
        self._settle(key, connection.cadence, self._every_row(key))

    def _settle(self, key: Key, cadence: Cadence | None, others: Rows) -> None:
        """Keep the rows of `cadence` and remove those of `others`, even if the cadence changes
        concurrently.
        """
        while True:
            rows = self._rows(key, cadence)
            self.timetable.add(rows.values())
            self.timetable.remove(_without(others, rows))
            current = self._current(key)
            if current == cadence:
                return
            others, cadence = others | rows, current

    def _current(self, key: Key) -> Cadence | None:
        found = self.connections.get_many([key])
        return found[0].cadence if found else None

    def _rows(self, key: Key, cadence: Cadence | None) -> Rows:
        if cadence is None:
            return {}
        owner, provider = key
        return {row.minute: row for row in self.grid.entries(owner.key, provider, cadence)}

    def _every_row(self, key: Key) -> Rows:
        owner, provider = key
        return {row.minute: row for row in self.grid.every_entry(owner.key, provider)}


def _denser(row: Entry, old: Entry | None) -> bool:
    """Whether crawls of `row` are left out less than those of `old`, in some respect."""
    if old is None:
        return True
    new, before = row.cadence, old.cadence
    return (
        new.every_days < before.every_days
        or new.pulled_every < before.pulled_every
        or new.followed > before.followed
    )


def _without(rows: Rows, kept: Rows) -> Iterable[Entry]:
    return [row for minute, row in rows.items() if minute not in kept]
