"""Connections: one row per connected account, moved by one conditional update per crawl."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.expressions.update import Action

from topk.domain.connection import Connection, Status
from topk.domain.owner import Owner
from topk.domain.timetable import Cadence
from topk.stores.failures import translated
from topk.stores.models import ConnectionModel


class Connections:
    """Raises StoreError where the table fails."""

    def get_many(self, keys: Iterable[tuple[Owner, str]]) -> list[Connection]:
        """Those of `keys` (owner, provider) that exist, as last written, in no order."""
        with translated("read connections"):
            rows = ConnectionModel.batch_get(
                [(owner.key, provider) for owner, provider in keys], consistent_read=True
            )
            return [_connection(row) for row in rows]

    def of_owner(self, owner: Owner, *, consistent: bool = False) -> list[Connection]:
        """All of an owner's, by provider name; as of a moment ago, unless `consistent`."""
        with translated("read connections"):
            rows = ConnectionModel.query(owner.key, consistent_read=consistent)
            return [_connection(row) for row in rows]

    def put(self, connection: Connection) -> None:
        """Writes a connection, over the one that was there; its version counts on by one."""
        with translated("write connection"):
            _row(connection).save()

    def update(self, connection: Connection) -> Connection:
        """Writes `connection` where its version is still the one that was read.

        Returns it with the version it then has. Raises ConflictError where another writer was
        first or the connection is gone.
        """
        row = ConnectionModel(connection.owner.key, connection.provider)
        values = _values(connection)
        with translated("update connection"):
            row.update(
                actions=[_set(name, value) for name, value in values.items()],
                condition=ConnectionModel.version == connection.version,
            )
        return replace(connection, version=connection.version + 1)

    def ask_for_view(self, connection: Connection, *, now: int, not_since: int) -> None:
        """Notes that a look at the list asks for a crawl at `now`; the version stays as it is.

        Raises ConflictError where another look asked after `not_since`, or the connection is gone.
        """
        viewed_at = ConnectionModel.viewed_at
        row = ConnectionModel(connection.owner.key, connection.provider)
        with translated("note view"):
            row.update(
                actions=[viewed_at.set(now)],
                condition=ConnectionModel.version.exists()
                & (viewed_at.does_not_exist() | (viewed_at <= not_since)),
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
        "calm_since": connection.calm_since or None,
        "gaps": ",".join(map(str, connection.gaps)) or None,
        "version": connection.version + 1,
    }


def _set(name: str, value: object) -> Action:
    attribute: Attribute[Any] = getattr(ConnectionModel, name)
    return attribute.remove() if value is None else attribute.set(value)


def _row(connection: Connection) -> ConnectionModel:
    return ConnectionModel(connection.owner.key, connection.provider, **_values(connection))


def _connection(row: ConnectionModel) -> Connection:
    return Connection(
        owner=Owner.parse(row.owner),
        provider=row.provider,
        sealed_grant=row.grant,
        status=Status(row.status),
        status_since=int(row.status_since),
        connected_at=int(row.connected_at),
        expires_at=_moment(row.expires_at),
        consent_ends_at=_moment(row.consent_ends_at),
        reason=row.reason or "",
        checkpoint=row.checkpoint or "",
        crawled_through=int(row.crawled_through),
        known_since=int(row.known_since or 0),
        heard_at=int(row.heard_at or 0),
        cadence=Cadence(int(row.per_day), int(row.every_days)),
        calm_since=int(row.calm_since or 0),
        gaps=tuple(int(day) for day in row.gaps.split(",")) if row.gaps else (),
        viewed_at=int(row.viewed_at or 0),
        version=int(row.version),
    )


def _moment(value: float | None) -> int | None:
    return None if value is None else int(value)
