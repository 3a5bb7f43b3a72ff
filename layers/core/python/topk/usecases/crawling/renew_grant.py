"""Refresh a grant while other crawls of the same connection may do so too.

A provider may return a new refresh token and invalidate the old one. The winner of such a race must
save the new one, whatever was written meanwhile, and the loser must not treat its refusal as final.
Both compare the stored grant: while it is the one they had, the winner overwrites it, even if the
loser marked it as invalid, and the loser's refusal is final. If it is another one, the winner
leaves it and the loser's refusal is ignored.
"""

from dataclasses import dataclass, replace

from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.crawl.provider import Provider
from topk.domain.errors import ConflictError, StoreError
from topk.usecases.ports import Connections, Vault

TRIES = 5
"""Number of attempts to save; a lost grant requires the user to reconnect."""


@dataclass(frozen=True, slots=True)
class Grants:
    """Raises SealError if a stored grant cannot be opened, and StoreError if a store fails."""

    connections: Connections
    vault: Vault
    now: int

    def of(self, connection: Connection) -> Grant:
        return self.vault.open(connection.owner, connection.provider, connection.sealed_grant)

    async def renew(
        self, provider: Provider, connection: Connection, grant: Grant
    ) -> tuple[Connection, Grant]:
        """A fresh grant, and the connection with the part to store.

        It is saved at once if the old grant is no longer valid, otherwise by the crawl. Raises
        ProviderError if the provider refuses, and ConflictError if the connection has another grant
        or is gone.
        """
        fresh = await provider.refresh(grant, now=self.now)
        if fresh.lasting == grant.lasting:
            return self._with(connection, fresh.at_rest), fresh
        return self._saved(connection, grant, fresh.at_rest), fresh

    def end(self, connection: Connection, reason: str) -> bool:
        """Mark the grant of `connection` as invalid. Returns False if a valid one has been
        stored.
        """
        held = self._held(connection)
        if held is None or self.of(held).lasting != self.of(connection).lasting:
            return False
        if held.status is not Status.ACTIVE:
            return True
        dead = Status.REAUTH_REQUIRED
        try:
            self.connections.update(
                replace(held, status=dead, status_since=self.now, reason=reason)
            )
        except ConflictError:
            return False
        return True

    def _saved(self, connection: Connection, spent: Grant, fresh: Grant) -> Connection:
        contested = False
        for _ in range(TRIES):
            try:
                if contested:
                    connection = self._still_holding(connection, spent, fresh)
                return self.connections.update(self._with(connection, fresh))
            except ConflictError:
                contested = True
            except StoreError:
                continue
        raise ConflictError("grant")

    def _still_holding(self, connection: Connection, spent: Grant, fresh: Grant) -> Connection:
        """The stored connection. Raises ConflictError if it has another grant."""
        held = self._held(connection)
        if held is None or self.of(held).lasting not in (spent.lasting, fresh.lasting):
            raise ConflictError("grant")
        if held.status is Status.REAUTH_REQUIRED:
            since = connection.status_since
            return replace(held, status=Status.ACTIVE, status_since=since, reason="")
        return held

    def _held(self, connection: Connection) -> Connection | None:
        found = self.connections.get_many([(connection.owner, connection.provider)])
        return found[0] if found else None

    def _with(self, connection: Connection, grant: Grant) -> Connection:
        return replace(
            connection,
            sealed_grant=self.vault.seal(
                connection.owner, connection.provider, grant, now=self.now
            ),
            expires_at=grant.expires_at or None,
            consent_ends_at=grant.consent_ends_at,
        )
