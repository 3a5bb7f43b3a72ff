"""The rows of a connection in the timetable, kept in step with its cadence.

They stand in several items and no transaction spans them. So a row that makes crawls more frequent
is written before the connection says so, one that makes them rarer, or takes one away, after it: a
crash in between leaves a row too many, never one too few. Since another crawl may change the
cadence meanwhile, whoever wrote rows reads the connection once more and, where it says something
else by then, writes the rows of that. A row too many is removed by the crawl that it asks for.
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
"""By the minute of their slot, which with the connection is what names a row."""


@dataclass(frozen=True, slots=True)
class StandingCrawls:
    """Raises StoreError where a table fails; the next crawl then mends what is amiss."""

    connections: Connections
    timetable: Timetable
    grid: Grid

    def update(self, before: Connection, after: Connection) -> Connection:
        """Updates the connection, and its rows where the cadence differs. Raises ConflictError."""
        if after.cadence == before.cadence:
            return self.connections.update(after)
        key = (after.owner, after.provider)
        old, new = self._rows(key, before.cadence), self._rows(key, after.cadence)
        self.timetable.add(row for minute, row in new.items() if _denser(row, old.get(minute)))
        updated = self.connections.update(after)
        self._settle(key, after.cadence, old)
        return updated

    def put(self, connection: Connection) -> None:
        """Writes a connection made new, or anew over one with rows of any cadence.

        It goes on counting the versions of that one, so that a crawl of the old one that is still
        under way cannot write over it. Raises ConflictError where crawls keep being first.
        """
        key = (connection.owner, connection.provider)
        self.timetable.add(self._rows(key, connection.cadence).values())
        for _ in range(TRIES):
            with suppress(ConflictError):
                return self._write(connection)
        raise ConflictError("connection")

    def heal(self, job: CrawlJob, connection: Connection | None) -> None:
        """Mends the row that asked for `job` where it is not of the connection's cadence."""
        if not job.slot:
            return
        key = (job.owner, job.provider)
        day, second = divmod(job.slot, DAY_SECONDS)
        cadence = connection.cadence if connection else None
        due = self._rows(key, cadence).get(second // 60)
        if due is None or not due.due_on(day):
            self._settle(key, cadence, self._every_row(key))

    def remove(self, owner: Owner, provider: str) -> None:
        """Removes every row that the connection can have."""
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
        """Leaves the rows of `cadence` and none of `others`, however the cadence changes."""
        while True:
            rows = self._rows(key, cadence)
            self.timetable.add(rows.values())
            self.timetable.remove(_without(others, rows))
            found = self.connections.get_many([key])
            current = found[0].cadence if found else None
            if current == cadence:
                return
            others, cadence = others | rows, current

    def _rows(self, key: Key, cadence: Cadence | None) -> Rows:
        if cadence is None:
            return {}
        owner, provider = key
        return {row.minute: row for row in self.grid.entries(owner.key, provider, cadence)}

    def _every_row(self, key: Key) -> Rows:
        owner, provider = key
        return {row.minute: row for row in self.grid.every_entry(owner.key, provider)}


def _denser(row: Entry, old: Entry | None) -> bool:
    return old is None or row.every_days < old.every_days


def _without(rows: Rows, kept: Rows) -> Iterable[Entry]:
    return [row for minute, row in rows.items() if minute not in kept]
