"""Connections: what is written is read, and only the version that was read is moved."""

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


def test_an_update_writes_all_and_takes_back_what_is_empty() -> None:
    store = Connections()
    store.put(FULL)
    (read,) = store.of_owner(ANNA)
    plain = replace(connection(), version=read.version)
    assert store.update(plain) == replace(plain, version=2)
    assert store.of_owner(ANNA) == [replace(plain, version=2)]


def test_the_second_of_two_who_read_the_same_version_is_told_so() -> None:
    store = Connections()
    store.put(connection())
    (read,) = store.of_owner(ANNA)
    store.update(replace(read, checkpoint="first"))
    with pytest.raises(ConflictError):
        store.update(replace(read, checkpoint="second"))
    assert [one.checkpoint for one in store.of_owner(ANNA)] == ["first"]


def test_one_look_an_hour_may_ask_and_no_crawl_is_overtaken_by_it() -> None:
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


def test_a_look_at_what_was_taken_away_leaves_nothing() -> None:
    store = Connections()
    with pytest.raises(ConflictError):
        store.ask_for_view(connection(), now=NOON, not_since=NOON - 3600)
    assert store.of_owner(ANNA) == []


def test_a_deleted_connection_does_not_come_back_by_an_update() -> None:
    store = Connections()
    store.put(connection())
    (read,) = store.of_owner(ANNA)
    store.delete(ANNA, "spotify")
    with pytest.raises(ConflictError):
        store.update(read)
    assert store.of_owner(ANNA) == []
