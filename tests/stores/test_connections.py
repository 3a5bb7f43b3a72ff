"""Connections are read as written and updated only on the version that was read."""

from dataclasses import replace

import pytest

from tests.fakes import ANNA, BEN, NOON, connection
from topk.domain.account.connection import Status
from topk.domain.crawl.timetable import Cadence
from topk.domain.errors import ConflictError
from topk.stores.tables.connections import Connections

pytestmark = pytest.mark.usefixtures("tables")

FULL = connection(
    status=Status.REAUTH_REQUIRED,
    reason="invalid_grant",
    expires_at=NOON + 3600,
    consent_ends_at=NOON + 90 * 86_400,
    checkpoint="page-7",
    crawled_through=NOON,
    known_since=NOON - 5 * 86_400,
    heard_at=NOON - 600,
    cadence=Cadence(per_day=4),
    calm_since=NOON - 86_400,
    gaps=(20_779, 20_780),
)


@pytest.mark.parametrize("written", [connection(), FULL])
def test_reads_what_was_written(written: object) -> None:
    store = Connections()
    assert isinstance(written, type(FULL))
    store.put(written)
    assert store.of_owner(ANNA) == [replace(written, version=1)]
    assert store.get_many([(ANNA, "spotify"), (BEN, "spotify")]) == [replace(written, version=1)]


def test_an_update_writes_all_attributes_and_removes_empty_ones() -> None:
    store = Connections()
    store.put(FULL)
    (read,) = store.of_owner(ANNA)
    plain = replace(connection(), version=read.version)
    assert store.update(plain) == replace(plain, version=2)
    assert store.of_owner(ANNA) == [replace(plain, version=2)]


def test_an_update_writes_attributes_that_were_not_there() -> None:
    store = Connections()
    store.put(connection())
    (read,) = store.of_owner(ANNA)
    full = replace(FULL, version=read.version)
    assert store.update(full) == replace(full, version=2)
    assert store.of_owner(ANNA) == [replace(full, version=2)]


def test_an_update_of_a_connection_that_is_gone_is_a_conflict() -> None:
    store = Connections()
    store.put(connection())
    (read,) = store.of_owner(ANNA)
    store.delete(ANNA, "spotify")
    with pytest.raises(ConflictError):
        store.update(read)
    assert store.of_owner(ANNA) == []


def test_the_second_update_of_the_same_version_is_a_conflict() -> None:
    store = Connections()
    store.put(connection())
    (read,) = store.of_owner(ANNA)
    store.update(replace(read, checkpoint="first"))
    with pytest.raises(ConflictError):
        store.update(replace(read, checkpoint="second"))
    assert [one.checkpoint for one in store.of_owner(ANNA)] == ["first"]


def test_one_view_an_hour_may_queue_a_crawl_without_changing_the_version() -> None:
    store = Connections()
    store.put(connection())
    (read,) = store.of_owner(ANNA)
    store.ask_for_view(read, now=NOON, not_since=NOON - 3600)
    for later in (NOON, NOON + 3599):
        with pytest.raises(ConflictError):
            store.ask_for_view(read, now=later, not_since=later - 3600)
    assert store.update(replace(read, checkpoint="moved")).version == 2
    assert [one.viewed_at for one in store.of_owner(ANNA)] == [NOON]
    store.ask_for_view(read, now=NOON + 3600, not_since=NOON)
    assert [one.viewed_at for one in store.of_owner(ANNA)] == [NOON + 3600]


def test_viewing_a_deleted_connection_writes_nothing() -> None:
    store = Connections()
    with pytest.raises(ConflictError):
        store.ask_for_view(connection(), now=NOON, not_since=NOON - 3600)
    assert store.of_owner(ANNA) == []


def test_an_update_does_not_restore_a_deleted_connection() -> None:
    store = Connections()
    store.put(connection())
    (read,) = store.of_owner(ANNA)
    store.delete(ANNA, "spotify")
    with pytest.raises(ConflictError):
        store.update(read)
    assert store.of_owner(ANNA) == []


def test_followers_are_noted_beside_the_updates_of_crawls() -> None:
    store = Connections()
    store.put(connection(cadence=Cadence(pulled_every=7, followed=True)))
    (read,) = store.of_owner(ANNA)
    assert read.cadence == Cadence(pulled_every=7, followed=True)
    store.note_followers(read, much_followed=True)
    store.update(read)
    assert store.of_owner(ANNA)[0].much_followed
    store.delete(ANNA, "spotify")
    with pytest.raises(ConflictError):
        store.note_followers(read, much_followed=True)
