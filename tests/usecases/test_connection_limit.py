"""Racing confirmations never exceed the tenant's connection limit."""

import asyncio
from collections.abc import Iterator
from functools import partial
from itertools import chain, cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import memory_stores as stores
from tests.fakes import ANNA, NOON, FakeProvider, FakeQueues, connection
from tests.interleaving import Interleaving, Stepping
from topk.domain.account.connection import Grant
from topk.domain.account.handshake import hash_of
from topk.domain.account.pending_connection import PendingConnection
from topk.domain.crawl.timetable import DAILY, Grid
from topk.domain.errors import LimitReachedError
from topk.usecases.accounts.confirm_connection import ConfirmPorts, confirm_connection

GRID = Grid(slot_minutes=10)
NAMES = ("apple_music", "lastfm", "spotify", "youtube")
_spells = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=12)


class World:
    """Anna has granted access at every provider and confirmed none."""

    def __init__(self) -> None:
        self.interleaving, self.vault = Interleaving(), stores.Vault()
        self.tables: dict[str, Any] = {
            "pending": stores.PendingConnections(),
            "connections": stores.Connections(),
            "profiles": stores.Profiles(),
            "provider_users": stores.ProviderUsers(),
            "timetable": stores.Timetable(),
        }
        self.queues = FakeQueues()
        self.providers = {name: FakeProvider(name=name) for name in NAMES}
        for name in NAMES:
            sealed = self.vault.seal(ANNA, name, Grant(f"fake-{name}"), now=NOON)
            waiting = PendingConnection(hash_of(name), ANNA, name, sealed, NOON + 600)
            self.tables["pending"].put(waiting)

    def confirm(self, name: str, most: int) -> None:
        stepping = {kind: Stepping(table, self.interleaving) for kind, table in self.tables.items()}
        asyncio.run(
            confirm_connection(
                ANNA,
                self.providers[name],
                name,
                ConfirmPorts(**stepping, queues=self.queues, vault=self.vault, grid=GRID),
                cadence=DAILY,
                most_connections=most,
                correlation="c",
                now=NOON,
            )
        )

    @property
    def connected(self) -> set[str]:
        return {one.provider for one in self.tables["connections"].of_owner(ANNA)}

    @property
    def crawled(self) -> set[str]:
        rows = self.tables["timetable"].rows.values()
        return {provider for of_slot in rows for _, provider in of_slot}


def _schedule(spells: list[tuple[int, int]]) -> Iterator[int]:
    return chain((who for who, steps in spells for _ in range(steps)), cycle(range(4)))


@given(_spells, st.integers(1, 3))
def test_concurrent_confirmations_stay_within_the_limit(
    spells: list[tuple[int, int]], most: int
) -> None:
    world = World()
    calls = [partial(world.confirm, name, most) for name in NAMES]
    results = world.interleaving.run(calls, _schedule(spells))
    refused = {
        name
        for name, result in zip(NAMES, results, strict=True)
        if isinstance(result, LimitReachedError)
    }
    assert world.connected == set(NAMES) - refused == world.crawled
    assert len(world.connected) <= most
    assert {job.provider for job, _ in world.queues.sent} == world.connected
    for name, provider in world.providers.items():
        assert len(provider.revoked) == (name in refused), "what is refused is given back"


def test_sequential_confirmations_fill_the_limit() -> None:
    world = World()
    for name in NAMES[:2]:
        world.confirm(name, 2)
    with pytest.raises(LimitReachedError):
        world.confirm(NAMES[2], 2)
    assert world.connected == set(NAMES[:2])


def test_a_connected_account_can_be_reconnected_at_the_limit() -> None:
    world = World()
    world.tables["connections"].put(connection(ANNA, NAMES[0]))
    world.confirm(NAMES[0], 1)
    assert world.connected == {NAMES[0]}
