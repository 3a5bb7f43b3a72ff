"""Pending connections can be taken once, expire, and are never mistaken for a handshake."""

import pytest

from tests.fakes import ANNA, NOON
from tests.stores.test_handshakes import BEGUN
from topk.domain.account.handshake import hash_of
from topk.domain.account.pending_connection import PendingConnection
from topk.domain.errors import HandshakeError
from topk.stores.dynamodb.models import HandshakeModel
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.pending_connections import PendingConnections

pytestmark = pytest.mark.usefixtures("tables")

WAITING = PendingConnection(
    confirmation_hash=hash_of("fake-confirmation-1"),
    owner=ANNA,
    provider="spotify",
    sealed_grant="fake.sealed.grant",
    expires_at=NOON + 600,
)


def test_a_pending_connection_is_taken_once() -> None:
    store = PendingConnections()
    store.put(WAITING)
    assert store.take("fake-confirmation-1") == WAITING
    with pytest.raises(HandshakeError):
        store.take("fake-confirmation-1")


def test_one_of_two_concurrent_takers_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = PendingConnections()
    store.put(WAITING)
    row = HandshakeModel.get(WAITING.confirmation_hash)
    store.take("fake-confirmation-1")
    monkeypatch.setattr(HandshakeModel, "get", lambda *_, **__: row)
    with pytest.raises(HandshakeError):
        store.take("fake-confirmation-1")


def test_a_forged_confirmation_finds_nothing() -> None:
    store = PendingConnections()
    store.put(WAITING)
    with pytest.raises(HandshakeError):
        store.take("forged")


def test_states_and_confirmations_are_not_interchangeable() -> None:
    Handshakes().put(BEGUN)
    PendingConnections().put(WAITING)
    with pytest.raises(HandshakeError):
        PendingConnections().take("fake-state-1")
    assert Handshakes().peek("fake-state-1", now=NOON) == BEGUN
    with pytest.raises(HandshakeError):
        Handshakes().peek("fake-confirmation-1", now=NOON)
