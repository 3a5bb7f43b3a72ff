"""The archive of plays: written plays are read back, erased ones are not."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from tests.fakes import ANNA, BEN, DAY, NOON, play
from topk.clock import wall_clock
from topk.domain.chunk import Chunk, remaining
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision, Track
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.identity import song_id
from topk.domain.song.marks import SongMark
from topk.stores.codecs.archive_format import decode, encode
from topk.stores.s3 import archived_deletions, removals
from topk.stores.s3.archive import MARKED_FOR, Archive
from topk.stores.s3.erased_users import ErasedUsers, digest_of

REGION = "us-east-1"
# Marks have the time of the write to the simulated S3, which is the machine's.
NOW = datetime.fromtimestamp(wall_clock(), UTC)
LATER = NOW + 2 * MARKED_FOR
CHUNKS = [
    Chunk(ANNA, "spotify", NOON, "a", (play("Dawn", NOON - 5), play("Dusk", NOON - 900))),
    Chunk(BEN, "spotify", NOON, "b", (play("Dawn", NOON - 7),)),
    Chunk(ANNA, "spotify", NOON + DAY, "c", (play("Noon", NOON),)),
    Chunk(Owner("meadow", "mia"), "spotify", NOON, "d", (play("Dawn", NOON),)),
]


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fake-key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-key")
    with mock_aws():
        s3 = boto3.client("s3", region_name=REGION)
        s3.create_bucket(Bucket="plays")
        yield Archive(s3, bucket="plays")


def _mark(archive: Archive, owner: Owner) -> None:
    assert list(ErasedUsers(archive._s3, bucket="plays").mark(owner)) == [1]


def _read(archive: Archive, tenant: str = "harbor", since: str = "") -> dict[str, set[Play]]:
    return {
        chunk.crawl_id: set(chunk.plays)
        for file in archive.files(since=since)
        for chunk in archive.read(file)
        if chunk.owner.tenant == tenant
    }


def test_archived_plays_are_read_by_day(archive: Archive) -> None:
    assert len(archive.write(CHUNKS)) == 2
    assert _read(archive) == {one.crawl_id: set(one.plays) for one in CHUNKS[:3]}
    assert set(_read(archive, since="2026-11-23")) == {"c"}
    assert set(_read(archive, "meadow")) == {"d"}
    assert all(file.startswith("plays/day=2026-11-2") for file in archive.files())


@pytest.mark.parametrize("tenants", [1, 1000])
def test_the_number_of_files_does_not_depend_on_the_number_of_tenants(
    archive: Archive, tenants: int
) -> None:
    owners = [Owner(f"app-{number % tenants}", f"user-{number}") for number in range(1000)]
    chunks = [Chunk(one, "spotify", NOON, "a", (play("Dawn", NOON - 5),)) for one in owners]
    files = archive.write(chunks, batch="first")
    archive.note([(one, Deletion(NOON - DAY, "spotify")) for one in owners])
    objects = archive._s3.list_objects_v2(Bucket="plays")["Contents"]
    assert len(objects) == len(files) + 1 == 2
    assert {chunk.owner for chunk in archive.read(files[0])} == {*owners}
    assert {owner for owner, _ in archive.deletions()} == {*owners}


def test_a_repeated_batch_in_any_order_overwrites_itself(archive: Archive) -> None:
    archive.write(CHUNKS)
    before = archive.files()
    archive.write(Random(7).sample(CHUNKS, len(CHUNKS)))
    assert archive.files() == before


def test_erased_users_are_unreadable_at_once_and_removed_by_a_purge(
    archive: Archive,
) -> None:
    archive.write(CHUNKS)
    _mark(archive, ANNA)
    assert set(_read(archive)) == {"b"}
    assert archive.purge(now=LATER) == 2
    assert set(_read(archive)) == {"b"}
    assert len(archive.files()) == 1
    assert (
        b"anna" not in archive._s3.get_object(Bucket="plays", Key=archive.files()[0])["Body"].read()
    )
    assert archive.purge(now=LATER) == 0
    archive.write(CHUNKS[:1])
    assert set(_read(archive)) == {"a", "b"}, "whoever comes back later is archived again"


def test_a_mark_outlives_passes_that_started_before_it(archive: Archive) -> None:
    archive.write(CHUNKS)
    _mark(archive, ANNA)
    archive.purge(now=NOW)
    archive.write(CHUNKS)  # Written by a pass that read the chunks before the erasure.
    assert set(_read(archive)) == {"b"}
    assert archive.purge(now=LATER) > 0
    for file in archive.files():
        assert ANNA not in {chunk.owner for chunk in archive._chunks(file)}


def test_a_mark_gives_sql_a_digest_and_no_name(archive: Archive) -> None:
    _mark(archive, ANNA)
    key = f"erased/tenant=harbor/{digest_of('anna')}"
    body = archive._s3.get_object(Bucket="plays", Key=key)["Body"].read()
    assert body.decode() == f"harbor,{digest_of('anna')}\n"


def test_a_repeated_batch_replaces_the_last_attempts_file_of_the_day(
    archive: Archive,
) -> None:
    archive.write(CHUNKS, batch="first")
    archive.write(CHUNKS[:1], batch="first")
    assert set(_read(archive)) == {"a", "c"}
    archive.write(CHUNKS[1:], batch="second")
    assert set(_read(archive)) == {"a", "b", "c"}
    assert len(archive.files()) == 4, "what one attempt wrote of another day is there twice"


def test_the_chunks_of_a_day_are_listed_without_reading_their_plays(archive: Archive) -> None:
    archive.write(CHUNKS)
    assert set(archive.chunks_of("2026-11-22")) == {
        (ANNA, "spotify", NOON, "a"),
        (BEN, "spotify", NOON, "b"),
        (Owner("meadow", "mia"), "spotify", NOON, "d"),
    }


DAWN = Deletion(NOON, song=SongMark((song_id(play("Dawn", NOON).track),)))


def test_deleted_plays_are_unreadable_at_once_and_removed_by_a_purge(
    archive: Archive,
) -> None:
    archive.write(CHUNKS)
    archive.note([(ANNA, DAWN)])
    left = remaining(CHUNKS[0], [play("Dusk", NOON - 900)])
    expected = {left.crawl_id: set(left.plays), "b": set(CHUNKS[1].plays), "c": {*CHUNKS[2].plays}}
    assert _read(archive) == expected, "as Plays names what it keeps of a chunk"
    assert archive.purge(now=LATER) == 1
    assert archive.purge(now=LATER) == 0
    files = [one for file in archive.files() for one in archive._chunks(file)]
    assert sum(len(one.plays) for one in files) == 4
    assert "a" in {one.crawl_id for one in files}
    archive.write(CHUNKS)
    assert _read(archive) == expected, "a deletion holds for what comes later too"


def test_a_file_with_only_deleted_plays_is_removed(archive: Archive) -> None:
    archive.write(CHUNKS[:3])
    archive.write(CHUNKS[3:])
    archive.note([(ANNA, Deletion(NOON + DAY, "spotify")), (BEN, DAWN)])
    assert archive.purge(now=LATER) == 2
    assert len(archive.files()) == 1
    assert set(_read(archive, "meadow")) == {"d"}


def test_deletions_are_stored_in_one_object_without_erased_users(
    archive: Archive,
) -> None:
    whole = Deletion(NOON, "lastfm", isrcs=("GBAYE0601498",))
    archive.note([(ANNA, DAWN), (Owner("meadow", "mia"), DAWN)])
    archive.note([(BEN, DAWN), (BEN, whole)])
    archive.note([(BEN, DAWN)])
    _mark(archive, ANNA)
    expected = {(BEN, DAWN), (BEN, whole), (Owner("meadow", "mia"), DAWN)}
    assert set(archive.deletions()) == expected
    for _ in range(2):
        archive.gather()
        assert set(archive.deletions()) == expected
    [found] = archive._s3.list_objects_v2(Bucket="plays", Prefix="deleted/")["Contents"]
    body = archive._s3.get_object(Bucket="plays", Key=found["Key"])["Body"].read()
    assert b"anna" not in body


@pytest.mark.parametrize("users", [40, 400])
def test_a_purge_holds_no_more_deletions_however_many_there_are(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, users: int
) -> None:
    monkeypatch.setattr(archived_deletions, "MOST_HELD", MOST)
    owners = [Owner("harbor", f"user-{number:04}") for number in range(users)]
    archive.write(Chunk(one, "spotify", NOON, "a", (play("Dawn", NOON - 5),)) for one in owners)
    for at in range(0, users, 10):
        archive.note([(owner, Deletion(NOON, "spotify")) for owner in owners[at : at + 10]])
    for owner in owners[:30]:
        _mark(archive, owner)
    held: list[int] = []
    build = removals._removal

    def counted(records: list[Any]) -> removals.Removal:
        held.append(sum(isinstance(one, Deletion) for one in gc.get_objects()))
        return build(records)

    monkeypatch.setattr(removals, "_removal", counted)
    gc.collect()
    before = sum(isinstance(one, Deletion) for one in gc.get_objects())
    assert archive.purge(now=LATER) == 1
    assert len(held) > 1
    assert max(held) - before <= 2 * MOST
    objects = archive._s3.list_objects_v2(Bucket="plays", Prefix="deleted/")["Contents"]
    assert len(objects) <= -(-users // MOST)
    assert archive.files() == []


MOST = 32


def test_deletions_of_erased_users_only_leave_no_object(archive: Archive) -> None:
    archive.note([(ANNA, DAWN)])
    _mark(archive, ANNA)
    archive.gather()
    assert "Contents" not in archive._s3.list_objects_v2(Bucket="plays", Prefix="deleted/")


def test_unreadable_deletions_stop_a_restore(archive: Archive) -> None:
    archive._s3.put_object(Bucket="plays", Key="deleted/broken.json", Body=b"{")
    with pytest.raises(StoreError, match="archived deletions cannot be read"):
        list(archive.deletions())


def test_another_tenants_user_with_the_same_name_is_kept(archive: Archive) -> None:
    archive.write(CHUNKS)
    _mark(archive, Owner("harbor", "mia"))
    archive.note([(Owner("harbor", "mia"), Deletion(NOON + DAY, "spotify"))])
    assert set(_read(archive, "meadow")) == {"d"}
    assert archive.purge(now=LATER) == 0
    assert set(_read(archive, "meadow")) == {"d"}


def test_a_foreign_file_is_refused() -> None:
    with pytest.raises(StoreError):
        decode(b"PAR1 but nothing more")


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
tracks = st.builds(
    Track, text, text, st.lists(text, max_size=3).map(tuple), text, st.integers(0, 9999), text
)
plays = st.builds(
    Play, st.just("lastfm"), tracks, st.integers(0, 2**33), st.sampled_from(Precision)
)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["anna", "ben"]), st.integers(0, 2**33), st.sampled_from("ab")),
        st.frozensets(plays, min_size=1, max_size=5),
        max_size=5,
    )
)
def test_every_play_round_trips(
    written: dict[tuple[str, int, str], frozenset[Play]],
) -> None:
    chunks = [
        Chunk(Owner("harbor", user), "lastfm", moment, crawl, tuple(of_chunk))
        for (user, moment, crawl), of_chunk in written.items()
    ]
    found = decode(encode(chunks))
    assert {(c.owner.user, c.fetched_at, c.crawl_id): frozenset(c.plays) for c in found} == written


GOLDEN = Path(__file__).parent / "golden"
WRITTEN = Chunk(
    BEN,
    "lastfm",
    NOON,
    "fake-crawl",
    (
        Play("lastfm", Track("", "Dusk", ("The Lanterns", "Mia"), duration=200), NOON - 900),
        Play("lastfm", Track("fake-1", "Dawn", (), isrc="GBAYE0601498"), NOON - 5, Precision.END),
    ),
)


def test_a_file_of_every_version_ever_written_is_read() -> None:
    [file] = GOLDEN.glob("archive-*.parquet")
    assert decode(file.read_bytes()) == [WRITTEN]


def test_deletions_of_every_version_ever_written_are_read(archive: Archive) -> None:
    body = (GOLDEN / "archived-deletions.json").read_bytes()
    archive._s3.put_object(Bucket="plays", Key="deleted/golden.json", Body=body)
    expected = {(ANNA, DAWN), (BEN, Deletion(NOON, "lastfm", isrcs=("GBAYE0601498",)))}
    assert set(archive.deletions()) == expected
    archive.gather()
    [found] = archive._s3.list_objects_v2(Bucket="plays", Prefix="deleted/")["Contents"]
    assert archive._s3.get_object(Bucket="plays", Key=found["Key"])["Body"].read() == body
