"""Handshakes can be taken once and expire."""

from dataclasses import replace

import pytest

from tests.fakes import ANNA, NOON
from topk.domain.account.handshake import Handshake, hash_of
from topk.domain.errors import HandshakeError
from topk.stores.dynamodb.models import HandshakeModel
from topk.stores.tables.handshakes import Handshakes

pytestmark = pytest.mark.usefixtures("tables")

BEGUN = Handshake(
    state_hash=hash_of("fake-state-1"),
    owner=ANNA,
    provider="spotify",
    code_verifier="fake-verifier-1",
    redirect_uri="https://api.example/callback",
    return_to="https://harbor.example",
    expires_at=NOON + 600,
)


def test_a_handshake_is_taken_once() -> None:
    store = Handshakes()
    store.put(BEGUN)
    assert store.peek("fake-state-1", now=NOON) == BEGUN
    assert store.take("fake-state-1", now=NOON) == BEGUN
    with pytest.raises(HandshakeError):
        store.take("fake-state-1", now=NOON)


def test_one_of_two_concurrent_takers_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Handshakes()
    store.put(BEGUN)
    row = HandshakeModel.get(BEGUN.state_hash)
    store.take("fake-state-1", now=NOON)
    monkeypatch.setattr(HandshakeModel, "get", lambda *_, **__: row)
    with pytest.raises(HandshakeError):
        store.take("fake-state-1", now=NOON)


@pytest.mark.parametrize(("state", "now"), [("forged", NOON), ("fake-state-1", NOON + 600)])
def test_a_forged_or_expired_state_finds_nothing(state: str, now: int) -> None:
    store = Handshakes()
    store.put(BEGUN)
    with pytest.raises(HandshakeError):
        store.peek(state, now=now)
    with pytest.raises(HandshakeError):
        store.take(state, now=now)


def test_an_owners_handshakes_are_listed_in_order() -> None:
    store = Handshakes()
    later = [
        replace(
            BEGUN,
            state_hash=hash_of(f"fake-state-{number}"),
            provider=provider,
            expires_at=BEGUN.expires_at + wait,
        )
        for number, (wait, provider) in enumerate(
            [(60, "spotify"), (0, "youtube"), (60, "lastfm"), (0, "partner")]
        )
    ]
    for one in later:
        store.put(one)
    found = [(one.expires_at - NOON, one.provider) for one in store.of_owner(ANNA)]
    assert found == [(600, "partner"), (600, "youtube"), (660, "lastfm"), (660, "spotify")]
