"""Permanent deletion in the stores: plays in chunks, and all data of an owner."""

import json
from typing import Any

import boto3
import pytest

from tests.fakes import ANNA, BEN, DAY, NOON, play, track
from tests.stores.conftest import REGION, TABLES
from topk.domain.account.handshake import Handshake, hash_of
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk, pushed
from topk.domain.errors import MalformedMessageError, NotVisibleError
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.domain.privacy.deletion import Deletion, of_song
from topk.domain.privacy.erasure import KEPT_SECONDS, Erasure, ErasureJob, Progress
from topk.domain.song.identity import song_id
from topk.stores.dynamodb.models import BlockModel, ErasureModel, FollowModel, PlaysModel
from topk.stores.graph.edges import Edges
from topk.stores.queues.dead_letters import DeadLetters
from topk.stores.queues.erasure_queue import ErasureQueue
from topk.stores.tables.erasures import Erasures
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.plays import Plays, fetched_at
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.provider_users import ProviderUsers

pytestmark = pytest.mark.usefixtures("tables")
RAIN, DAWN = play("Rain", NOON - DAY), play("Dawn", NOON - DAY + 300)
GONE = of_song(song_id(track("Rain")), [RAIN], now=NOON)


def _plays(*chunks: Chunk) -> Plays:
    store = Plays(retention_days=35)
    store.append(chunks)
    return store


def _spotify(name: str, *plays: Any, at: int = NOON) -> Chunk:
    return Chunk(ANNA, "spotify", at, name, plays)


def _left() -> str:
    client = boto3.client("dynamodb", region_name=REGION)
    return str([client.scan(TableName=table)["Items"] for table in TABLES.values()])


def test_marked_plays_are_not_read_whenever_they_are_written() -> None:
    store = _plays(_spotify("a", RAIN, DAWN))
    store.mark(ANNA, GONE)
    store.append([_spotify("b", RAIN, DAWN, at=NOON + DAY)])
    assert set(plays_of(store.since(ANNA, 0))) == {DAWN}
    assert store.deletions(ANNA) == [GONE]


def test_the_rest_of_a_repeated_crawl_is_written_once() -> None:
    """DynamoDB refuses a batch that writes one row twice."""
    store = _plays(_spotify("first", RAIN, DAWN), _spotify("repeated", RAIN, DAWN))
    store.mark(ANNA, GONE)
    assert store.purge(ANNA) == 2
    assert list(plays_of(store.since(ANNA, 0))) == [DAWN]


def test_a_purge_removes_the_plays_from_the_rows_and_can_be_repeated() -> None:
    others = [_spotify(f"other-{n}", DAWN, at=NOON - n) for n in range(30)]
    both = [_spotify(f"both-{n}", RAIN, DAWN, at=NOON - n) for n in range(30)]
    store = _plays(_spotify("a", RAIN), *others, *both, Chunk(BEN, "spotify", NOON, "x", (RAIN,)))
    assert store.purge(ANNA) == 0, "nothing is marked"
    store.mark(ANNA, GONE)
    assert [store.purge(ANNA), store.purge(ANNA)] == [31, 0]
    assert {one for chunk in store.chunks(ANNA) for one in chunk.plays} == {DAWN}
    assert len(list(store.chunks(ANNA))) == 60
    assert [*plays_of(store.since(BEN, 0))] == [RAIN]


def test_a_push_repeated_after_a_purge_inserts_a_new_row() -> None:
    push = pushed(ANNA, "spotify", [RAIN, DAWN])
    store = _plays(push)
    store.mark(ANNA, GONE)
    store.purge(ANNA)
    (kept,) = store.chunks(ANNA)
    assert (kept.crawl_id != push.crawl_id, kept.fetched_at) == (True, push.fetched_at)
    store.append([push])
    assert len(list(store.chunks(ANNA))) == 2
    assert store.purge(ANNA, since=push.fetched_at) == 1
    assert list(store.chunks(ANNA)) == [kept]


def test_a_deletion_is_kept_until_its_owner_is_erased() -> None:
    store = _plays()
    store.mark(ANNA, GONE)
    (row,) = PlaysModel.query(ANNA.key)
    assert row.expires_at is None


def test_a_deletion_in_the_stream_has_its_time() -> None:
    store = _plays()
    store.mark(ANNA, Deletion(NOON, "spotify"))
    (row,) = PlaysModel.query(ANNA.key)
    assert fetched_at(row.chunk) == NOON


def test_all_data_of_one_owner_is_erased_and_of_no_other() -> None:
    store = _plays(*(_spotify(f"{n}", RAIN, at=n) for n in range(250)))
    store.mark(ANNA, GONE)
    store.append([Chunk(BEN, "spotify", NOON, "x", (RAIN,))])
    pages = list(store.erase(ANNA))
    assert (sum(pages), len(pages)) == (251, 3)
    assert list(PlaysModel.query(ANNA.key)) == []
    assert [*plays_of(store.since(BEN, 0))] == [RAIN]


@pytest.mark.parametrize("model", [FollowModel, BlockModel])
def test_edges_are_erased_in_both_directions_within_the_tenant(model: Any) -> None:
    store = Edges(model)
    namesake = Owner("meadow", ANNA.user)
    others = [Owner("harbor", f"user-{n:03}") for n in range(120)]
    for other in others:
        store.add(other, ANNA)
    store.add(ANNA, BEN)
    store.add(BEN, others[0])
    store.add(Owner("meadow", "ben"), namesake)
    assert sorted(store.pointing_at(ANNA)) == others
    assert sum(store.erase(ANNA)) == 121
    left = sorted((row.owner, row.other) for row in model.scan())
    assert left == [("harbor#ben", "user-000"), ("meadow#ben", "anna")]


def test_handshakes_of_an_owner_are_found_and_erased() -> None:
    store = Handshakes()
    for owner, state in ((ANNA, "fake-1"), (ANNA, "fake-2"), (BEN, "fake-3")):
        store.put(
            Handshake(
                hash_of(state), owner, "spotify", "fake-verifier", "https://a", "https://b", 9
            )
        )
    assert len(store.of_owner(ANNA)) == 2
    assert sum(store.erase(ANNA)) == 2
    assert store.of_owner(ANNA) == []
    assert len(store.of_owner(BEN)) == 1


def test_a_provider_account_is_found_by_its_owner() -> None:
    store = ProviderUsers()
    for owner in (ANNA, BEN):
        store.add("partner", "family#1", owner)
    assert store.accounts(ANNA, "partner") == ["family#1"]
    assert store.accounts(ANNA, "part") == []
    store.remove("partner", "family#1", ANNA)
    assert ANNA.key not in _left()
    assert store.owners("partner", ["family#1"]) == {"family#1": {BEN}}


def test_the_first_receipt_is_kept_and_a_tombstone_is_immutable() -> None:
    store = Profiles()
    store.create(ANNA)
    assert [store.mark_erasing(ANNA, "r-1"), store.mark_erasing(ANNA, "r-2")] == ["r-1", "r-1"]
    with pytest.raises(NotVisibleError):
        store.create(ANNA)
    with pytest.raises(NotVisibleError):
        store.put(ANNA, Profile())
    with pytest.raises(NotVisibleError):
        store.note_deletion(ANNA, now=NOON)
    store.erase(ANNA, "r-2")
    found = store.get(ANNA)
    assert found is not None
    assert found.erasing == "r-1"
    store.erase(ANNA, "r-1")
    store.erase(ANNA, "r-1")
    assert store.get(ANNA) is None


def test_a_user_without_a_profile_can_be_marked_as_erasing() -> None:
    store = Profiles()
    store.mark_erasing(ANNA, "r-1")
    found = store.get(ANNA)
    assert found is not None
    assert found.erasing == "r-1"


def test_a_receipt_contains_no_name_and_expires() -> None:
    store = Erasures()
    for moment in (NOON, NOON + 5):
        store.begin("harbor", "r-1", now=moment)
    assert store.get("harbor", "r-1") == Erasure("r-1", Progress.RUNNING, NOON)
    store.finish("harbor", "r-1", now=NOON + 60)
    assert store.get("harbor", "r-1") == Erasure("r-1", Progress.DONE, NOON, NOON + 60)
    (row,) = ErasureModel.scan()
    assert row.expires_at == NOON + 60 + KEPT_SECONDS
    for tenant, receipt in (("meadow", "r-1"), ("harbor", "r-2")):
        with pytest.raises(NotVisibleError):
            store.get(tenant, receipt)


def test_a_queued_job_round_trips() -> None:
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="erasures")["QueueUrl"]
    queue = ErasureQueue(sqs, url=url)
    queue.send(ErasureJob(ANNA, "r-1", 7))
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert queue.parse(message["Body"]) == ErasureJob(ANNA, "r-1", 7)
    with pytest.raises(MalformedMessageError):
        queue.parse("[" * 100_000)


def test_only_dead_letters_of_the_owner_are_deleted() -> None:
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    for number, owner in enumerate(("harbor#anna", "harbor#annabel", "harbor#ben") * 9):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"owner": owner, "n": number}))
    assert sum(DeadLetters(sqs, urls=[url]).erase(ANNA)) == 9
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    left = int(found["ApproximateNumberOfMessages"])
    assert left + int(found["ApproximateNumberOfMessagesNotVisible"]) == 18
