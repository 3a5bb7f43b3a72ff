"""Connections: one row per connected account, with one conditional update per crawl."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.timetable import Cadence
from topk.domain.owner import Owner
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ConnectionModel
from topk.stores.dynamodb.rows import Row, number, text


class Connections:
    """Raises StoreError if the table fails."""

    def get_many(self, keys: Iterable[tuple[Owner, str]]) -> list[Connection]:
        """Those of `keys` (owner, provider) that exist, as last written, in no order."""
        with translated("read connections"):
            wanted = [(owner.key, provider) for owner, provider in keys]
            return [_connection(row) for row in rows.get_many(ConnectionModel, wanted)]

    def of_owner(self, owner: Owner, *, consistent: bool = False) -> list[Connection]:
        """All of an owner's, by provider name; as of a moment ago, unless `consistent`."""
        return self.begin_of_owner(owner, consistent=consistent)()

    def begin_of_owner(
        self, owner: Owner, *, consistent: bool = False
    ) -> Callable[[], list[Connection]]:
        """As `of_owner`, started; awaited when the result is called."""
        with translated("read connections"):
            found = rows.begin_query(ConnectionModel, owner.key, consistent=consistent)

        def connected() -> list[Connection]:
            with translated("read connections"):
                return [_connection(row) for row in found()]

        return connected

    def put(self, connection: Connection) -> None:
        """Write a connection over the existing one, and increment its version."""
        with translated("write connection"):
            _row(connection).save()

    def update(self, connection: Connection) -> Connection:
        """Writes `connection` where its version is still the one that was read.

        Returns it with the version it then has. Raises ConflictError where another writer was
        first or the connection is gone.
        """
        key = (connection.owner.key, connection.provider)
        with translated("update connection"):
            rows.update(
                ConnectionModel,
                key,
                _values(connection),
                replacing=("version", connection.version),
            )
        return replace(connection, version=connection.version + 1)

    def ask_for_view(self, connection: Connection, *, now: int, not_since: int) -> None:
        """Record that a view requests a crawl at `now`; the version does not change.

        Raises ConflictError if another view requested one after `not_since`, or the connection is
        gone.
        """
        viewed_at = ConnectionModel.viewed_at
        row = ConnectionModel(connection.owner.key, connection.provider)
        with translated("note view"):
            row.update(
                actions=[viewed_at.set(now)],
                condition=ConnectionModel.version.exists()
                & (viewed_at.does_not_exist() | (viewed_at <= not_since)),
            )

    def note_followers(self, connection: Connection, *, much_followed: bool) -> None:
        """Record whether the owner has many followers; the version does not change.

        Raises ConflictError if the connection is gone.
        """
        row = ConnectionModel(connection.owner.key, connection.provider)
        with translated("note followers"):
            row.update(
                actions=[ConnectionModel.much_followed.set(int(much_followed))],
                condition=ConnectionModel.version.exists(),
            )

    def delete(self, owner: Owner, provider: str) -> None:
        with translated("delete connection"):
            ConnectionModel(owner.key, provider).delete()


def _values(connection: Connection) -> dict[str, Any]:
    return {
        "grant": connection.sealed_grant,
        "status": connection.status.value,
        "status_since": connection.status_since,
        "connected_at": connection.connected_at,
        "expires_at": connection.expires_at,
        "consent_ends_at": connection.consent_ends_at,
        "reason": connection.reason or None,
        "checkpoint": connection.checkpoint or None,
        "crawled_through": connection.crawled_through,
        "known_since": connection.known_since or None,
        "heard_at": connection.heard_at or None,
        "per_day": connection.cadence.per_day,
        "every_days": connection.cadence.every_days,
        "pulled_every": _many(connection.cadence.pulled_every),
        "followed": 1 if connection.cadence.followed else None,
        "calm_since": connection.calm_since or None,
        "gaps": ",".join(map(str, connection.gaps)) or None,
        "refusals": connection.refusals or None,
        "refused_since": connection.refused_since or None,
        "push_agreed": connection.push_agreed or None,
        "pulled_at": connection.pulled_at or None,
        "version": connection.version + 1,
    }


def _many(number: int) -> int | None:
    return number if number > 1 else None


def _row(connection: Connection) -> ConnectionModel:
    return ConnectionModel(connection.owner.key, connection.provider, **_values(connection))


def _connection(row: Row) -> Connection:
    return Connection(
        owner=Owner.parse(row["owner"]["S"]),
        provider=row["provider"]["S"],
        sealed_grant=row["grant"]["S"],
        status=Status(row["status"]["S"]),
        status_since=int(row["status_since"]["N"]),
        connected_at=int(row["connected_at"]["N"]),
        expires_at=number(row, "expires_at", None),
        consent_ends_at=number(row, "consent_ends_at", None),
        reason=text(row, "reason"),
        checkpoint=text(row, "checkpoint"),
        crawled_through=number(row, "crawled_through", 0),
        known_since=number(row, "known_since", 0),
        heard_at=number(row, "heard_at", 0),
        cadence=Cadence(
            number(row, "per_day", 1),
            number(row, "every_days", 1),
            number(row, "pulled_every", 1),
            bool(number(row, "followed", 0)),
        ),
        calm_since=number(row, "calm_since", 0),
        gaps=tuple(map(int, filter(None, text(row, "gaps").split(",")))),
        refusals=number(row, "refusals", 0),
        refused_since=number(row, "refused_since", 0),
        push_agreed=number(row, "push_agreed", 0),
        pulled_at=number(row, "pulled_at", 0),
        viewed_at=number(row, "viewed_at", 0),
        much_followed=bool(number(row, "much_followed", 0)),
        version=number(row, "version", 0),
    )
