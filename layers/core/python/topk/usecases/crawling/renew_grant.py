"""Refreshing a grant, where several crawls of one connection may do so at once.

A provider may give a new refresh token and take the old one no more. Then the winner of a race must
save what it was given, whatever was written meanwhile, and the loser must not take its refusal for
the end of the connection. Both look at the stored grant: while it is the one they had, the winner
writes over it, even where the loser declared it dead, and the loser's refusal is final. Once it is
another, the winner leaves it alone, and the loser's refusal means nothing.
"""

from dataclasses import dataclass, replace

from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.crawl.provider import Provider
from topk.domain.errors import ConflictError, StoreError
from topk.usecases.ports import Connections, Vault

TRIES = 5
"""A save that is given up loses the account until its user connects it again."""


@dataclass(frozen=True, slots=True)
class Grants:
    """Raises SealError where a stored grant does not open, and StoreError where a store fails."""

    connections: Connections
    vault: Vault
    now: int

    def of(self, connection: Connection) -> Grant:
        return self.vault.open(connection.owner, connection.provider, connection.sealed_grant)

    async def renew(
        self, provider: Provider, connection: Connection, grant: Grant
    ) -> tuple[Connection, Grant]:
        """A fresh grant, and the connection with what is kept of it.

        It is saved at once where the old grant has died of it, and by the crawl otherwise.

        Raises ProviderError where none was given, ConflictError where the connection has another
        grant by now or is gone.
        """
        fresh = await provider.refresh(grant, now=self.now)
        if fresh.lasting == grant.lasting:
            return self._with(connection, fresh.at_rest), fresh
        return self._saved(connection, grant, fresh.at_rest), fresh

    def end(self, connection: Connection, reason: str) -> bool:
        """Marks the grant of `connection` dead; False where a live one is stored by now."""
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
        """The connection as stored, alive. Raises ConflictError where its grant is another."""
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
