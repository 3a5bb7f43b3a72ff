"""Personal tokens: found by hash, listed by owner, used and erased."""

import pytest

from tests.fakes import ANNA, BEN
from topk.domain.account.personal_token import SHOWN_USE_SECONDS, Kind, PersonalToken, hash_of
from topk.stores.tables.personal_tokens import PersonalTokens

pytestmark = pytest.mark.usefixtures("tables")
MADE = PersonalToken(
    token_hash=hash_of("fake-token-1"),
    owner=ANNA,
    kind=Kind.TOKEN,
    name="Phone",
    created_at=1000,
    sealed_password="fake-sealed",
)


def test_a_token_is_read_as_it_was_written() -> None:
    store = PersonalTokens()
    consent = PersonalToken("fake-hash", BEN, Kind.CONSENT, "Player", 2000, expires_at=5600)
    for one in (MADE, consent):
        store.put(one)
        assert store.get(one.token_hash) == one
    assert store.get(hash_of("fake-token-2")) is None


def test_an_owners_tokens_are_listed_oldest_first_and_erased() -> None:
    store = PersonalTokens()
    later = PersonalToken(hash_of("fake-token-2"), ANNA, Kind.SESSION, "TV", 2000)
    foreign = PersonalToken(hash_of("fake-token-3"), BEN, Kind.TOKEN, "TV", 1)
    for one in (later, foreign, MADE):
        store.put(one)
    assert store.of_owner(ANNA) == [MADE, later]
    assert sum(store.erase(ANNA)) == 2
    assert store.of_owner(ANNA) == []
    assert store.of_owner(BEN) == [foreign]


def test_only_its_owner_deletes_a_token_and_only_once() -> None:
    store = PersonalTokens()
    store.put(MADE)
    assert not store.delete(MADE.token_hash, BEN)
    assert store.delete(MADE.token_hash, ANNA)
    assert not store.delete(MADE.token_hash, ANNA)


def test_a_use_is_noted_once_in_a_while_and_makes_no_row() -> None:
    store = PersonalTokens()
    store.put(MADE)

    def used_after(now: int) -> int:
        store.note_use(MADE.token_hash, now=now)
        found = store.get(MADE.token_hash)
        return found.last_used_at if found else -1

    assert used_after(5000) == 5000
    assert used_after(5000 + SHOWN_USE_SECONDS - 1) == 5000
    assert used_after(5000 + SHOWN_USE_SECONDS) == 5000 + SHOWN_USE_SECONDS
    store.note_use(hash_of("fake-token-2"), now=5000)
    store.note_import(hash_of("fake-token-2"), latest=5000)
    assert store.get(hash_of("fake-token-2")) is None


def test_the_latest_import_never_goes_back() -> None:
    store = PersonalTokens()
    store.put(MADE)
    for latest in (10, 30, 20):
        store.note_import(MADE.token_hash, latest=latest)
    found = store.get(MADE.token_hash)
    assert found is not None
    assert found.latest_import == 30
