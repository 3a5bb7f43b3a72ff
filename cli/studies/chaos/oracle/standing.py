"""The timetable and what it asks for: rows as wanted, and no due crawl lost in silence."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cli.studies.chaos.people import Account, People
from simulator.aws.dynamodb.item_size import Item
from simulator.aws.dynamodb.tables import Table
from simulator.aws.sqs import Queue
from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.timetable import DAY_SECONDS, Grid
from topk.domain.owner import Owner
from topk.stores.tables.connections import Connections

_TOLERATED_SECONDS = 300
"""By how much clocks differ, and how long a crawl takes to be begun."""
_WATERMARK = "watermark"


class Standing:
    """Looks at the tables as they are; where something is wrong in passing, it is kept.

    `exported` tells when an account's last export began at its provider, 0 for never: within a day
    of it none is granted, whether or not its answer ever reached the service.
    """

    def __init__(
        self,
        grid: Grid,
        tables: Mapping[str, Table],
        queues: Mapping[str, Queue],
        people: People,
        exported: Callable[[str], float],
    ) -> None:
        self._grid = grid
        self._tables = tables
        self._queues = queues
        self._people = people
        self._exported = exported
        self._overdue: list[str] = []
        self._read: dict[str, tuple[list[Item], Sequence[Connection]]] = {}

    def look(self) -> None:
        """Notes the crawls that are due, not done and not queued."""
        if not self._overdue:
            self._overdue += self._lost()

    def wrong(self, *, final: bool) -> Iterator[str]:
        """What was noted; and, where all is to be quiet, rows and connections not as wanted."""
        yield from self._overdue
        if final:
            yield from self._rows()
            for account in self._people.accounts:
                yield from self._connection(account)

    def _lost(self) -> Iterator[str]:
        queued = self._queued()
        for connection in self._connections():
            key = (connection.owner.key, connection.provider)
            if connection.status is not Status.ACTIVE:
                continue
            due = self._last_due(connection)
            through = max(connection.crawled_through, self._refused_until(connection))
            if due - _TOLERATED_SECONDS > through and key not in queued:
                yield f"{' '.join(key)}: a due crawl was neither done nor kept"

    def _refused_until(self, connection: Connection) -> float:
        """Up to when the provider grants no crawl of the account; 0 where it always does."""
        names = {(one.owner, one.provider): one.name for one in self._people.accounts}
        begun = self._exported(names[connection.owner, connection.provider])
        return begun + DAY_SECONDS if begun else 0

    def _last_due(self, connection: Connection) -> int:
        """When the latest slot began that is dispatched and asked for a crawl; 0 for none."""
        latest = 0
        for row in self._grid.entries(
            connection.owner.key, connection.provider, connection.cadence
        ):
            through = self._dispatched_through(row.shard)
            for day in range(through // DAY_SECONDS, through // DAY_SECONDS - 7, -1):
                slot = day * DAY_SECONDS + row.minute * 60
                if connection.connected_at + _TOLERATED_SECONDS < slot <= through and row.due_on(
                    day
                ):
                    latest = max(latest, slot)
                    break
        return latest

    def _dispatched_through(self, shard: int) -> int:
        mark = self._tables["timetable"].get((f"{_WATERMARK}#{shard}", _WATERMARK))
        return int(mark["through"]["N"]) if mark else 0

    def _queued(self) -> set[tuple[str, str]]:
        found = set()
        for queue in self._queues.values():
            for message in queue.messages.values():
                try:
                    body: dict[str, Any] = json.loads(message.body)
                except ValueError:
                    continue
                found.add((str(body.get("owner")), str(body.get("provider"))))
        return found

    def _rows(self) -> Iterator[str]:
        """A row too many is removed by the crawl it asks for, so none asks for none."""
        wanted = {
            (
                f"{row.minute // 60:02}{row.minute % 60:02}#{row.shard}",
                f"{row.owner_key}#{provider}",
            )
            for connection in self._connections()
            for provider in [connection.provider]
            for row in self._grid.entries(connection.owner.key, provider, connection.cadence)
        }
        table = self._tables["timetable"]
        found = {table.key(item) for item in table.items()}
        found = {key for key in found if not key[0].startswith(_WATERMARK)}
        for slot, name in sorted(wanted - found):
            yield f"timetable: {name} lacks its row in {slot}"
        for slot, name in sorted(found - wanted):
            yield f"timetable: {name} has a row too many in {slot}"

    def _connection(self, account: Account) -> Iterator[str]:
        of_owner = Connections().of_owner(account.owner)
        found = next((one for one in of_owner if one.provider == account.provider), None)
        who = f"{account.owner.key} {account.provider}"
        if account.wanted and (found is None or found.status is not Status.ACTIVE):
            yield f"{who}: not connected, though its user wants it"
        if not account.wanted and found is not None:
            yield f"{who}: connected, though its user has left"

    def _connections(self) -> Iterator[Connection]:
        by_owner: dict[str, list[Item]] = defaultdict(list)
        for item in self._tables["connections"].items():
            by_owner[item["owner"]["S"]].append(item)
        for key, items in by_owner.items():
            read_from, read = self._read.get(key, ([], []))
            if read_from != items:
                read = Connections().of_owner(Owner.parse(key))
                self._read[key] = items, read
            yield from read
