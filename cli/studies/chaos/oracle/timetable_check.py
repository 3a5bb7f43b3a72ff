"""Checks the timetable: its rows match the connections, and no due crawl is lost silently."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cli.studies.chaos.people import Account, People
from simulator.aws.dynamodb.item_size import Item
from simulator.aws.dynamodb.tables import Table
from simulator.aws.sqs import Queue
from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.load_shedding import HIGHEST_PRICE
from topk.domain.crawl.timetable import DAY_SECONDS, Grid
from topk.domain.owner import Owner
from topk.stores.tables.connections import Connections

_TOLERATED_SECONDS = 300
"""Allows for clock skew and for the time until a crawl starts."""
_WATERMARK = "watermark"


class Standing:
    """Inspects the tables during a run, and remembers what was wrong.

    `exported` returns when the provider started an account's latest export (epoch seconds), 0 for
    never. For a day after that the provider grants no other, even if its answer was lost.
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
        """Records crawls that are due but neither done nor queued."""
        if not self._overdue:
            self._overdue += self._lost()

    def wrong(self, *, final: bool) -> Iterator[str]:
        """What `look` recorded; if `final`, also wrong timetable rows and wrong connections."""
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
                yield f"{' '.join(key)}: a due crawl was neither done nor queued"

    def _refused_until(self, connection: Connection) -> float:
        """Time until which the provider refuses crawls of the account; 0 if it does not."""
        names = {
            (account.owner, account.provider): account.name for account in self._people.accounts
        }
        begun = self._exported(names[connection.owner, connection.provider])
        return begun + DAY_SECONDS if begun else 0

    def _last_due(self, connection: Connection) -> int:
        """Start of the latest dispatched slot whose crawl was not left out; 0 for none."""
        latest = 0
        price = self._price()
        for row in self._grid.entries(
            connection.owner.key, connection.provider, connection.cadence
        ):
            through = self._dispatched_through(row.shard)
            for day in range(through // DAY_SECONDS, through // DAY_SECONDS - 7, -1):
                slot = day * DAY_SECONDS + row.minute * 60
                begun = connection.connected_at + _TOLERATED_SECONDS
                if begun < slot <= through and row.is_kept(day, price):
                    latest = max(latest, slot)
                    break
        return latest

    def _price(self) -> float:
        """A price at which no crawl is kept that was left out, whenever its day's price was set."""
        budgets = self._tables["provider_budgets"].items()
        short = any("plan_price" in row and float(row["plan_price"]["N"]) > 0 for row in budgets)
        return HIGHEST_PRICE if short else 0.0

    def _dispatched_through(self, shard: int) -> int:
        mark = self._tables["timetable"].get((f"{_WATERMARK}#{shard}", _WATERMARK))
        return int(mark["through"]["N"]) if mark and "through" in mark else 0

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
        """Missing and surplus rows. A crawl removes its surplus row, so at the end none is left."""
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
            yield f"timetable: {name} has no row in {slot}"
        for slot, name in sorted(found - wanted):
            yield f"timetable: {name} has a surplus row in {slot}"

    def _connection(self, account: Account) -> Iterator[str]:
        of_owner = Connections().of_owner(account.owner)
        found = next((each for each in of_owner if each.provider == account.provider), None)
        who = f"{account.owner.key} {account.provider}"
        if account.wanted and (found is None or found.status is not Status.ACTIVE):
            yield f"{who}: not connected, although its user wants it"
        if not account.wanted and found is not None:
            yield f"{who}: connected, although its user disconnected it"

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
