"""erase: nothing of a user is left, and no one else's is touched."""

import boto3
import pytest

from cli.recovery.restore_plays import restore
from cli.sandbox.deployment import ARCHIVE, REGION
from functions.erase.wiring import DISCONNECTED, HELD_OF_NO_USER, LAST, erasing
from infra_cdk.data.tables import SCHEMAS
from tests.fakes import ANNA, NOON, play
from tests.functions.conftest import Stage
from topk.domain.chunk import Chunk
from topk.domain.errors import MalformedMessageError
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import MODELS
from topk.stores.s3.archive import Archive
from topk.stores.s3.erased_users import digest_of
from topk.stores.tables.plays import Plays

HUGO = Owner("harbor", "hugo")


def _naming(user: str) -> list[str]:
    """The tables with a row in which `user` occurs."""
    client = boto3.client("dynamodb", region_name=REGION)
    return [table for table in MODELS if user in str(client.scan(TableName=table)["Items"])]


def test_a_first_pass_leaves_the_tombstone_alone_and_asks_for_a_sweep(stage: Stage) -> None:
    stage.play("erase/first_pass")
    assert _naming("hugo") == ["profiles", "erasures"]
    assert "queue topk-erasures" in stage.changed


def test_after_the_sweep_the_receipt_is_all_there_is(stage: Stage) -> None:
    stage.play("erase/first_pass")
    for _ in range(2):
        stage.play("erase/sweep")
        assert _naming("harbor#hugo") == []
        assert stage.ask("privacy/erasure")[1]["progress"] == "done"
    others = {key for keys in stage.changed.values() for key in keys if "hugo" not in key}
    mark = f"erased/tenant=harbor/{digest_of('hugo')}"
    assert others == {"messages", "harbor#anna", mark}, "whom he followed has a follower less"


def test_a_pass_that_is_early_waits_on(stage: Stage) -> None:
    stage.play("erase/too_early")
    assert stage.changed == {"queue topk-erasures": ["messages"]}


def test_one_who_came_back_is_not_erased_by_an_old_message(stage: Stage) -> None:
    stage.play("erase/came_back")
    assert stage.changed == {}


def test_a_message_that_cannot_be_read_fails_and_so_ends_among_the_dead_letters(
    stage: Stage,
) -> None:
    with pytest.raises(MalformedMessageError):
        stage.play("erase/malformed")


def test_every_table_is_emptied_or_it_is_said_why_not(stage: Stage) -> None:
    emptied = {place.name for place in erasing().places} | DISCONNECTED | LAST
    assert emptied & SCHEMAS.keys() | HELD_OF_NO_USER.keys() == SCHEMAS.keys()
    assert not emptied & HELD_OF_NO_USER.keys()


def test_the_archive_gives_nothing_of_them_back_from_the_first_pass_on(stage: Stage) -> None:
    archive = Archive(boto3.client("s3", region_name=REGION), bucket=ARCHIVE)
    files = archive.write(
        Chunk(owner, "spotify", NOON, "a", (play("Dawn", NOON),)) for owner in (HUGO, ANNA)
    )
    stage.play("erase/first_pass")
    plays = Plays(retention_days=35)
    for file in files:
        restore(file, archive=archive, plays=plays, fetched_since=0)
    assert list(plays.chunks(HUGO)) == []
    assert "a" in {chunk.crawl_id for chunk in plays.chunks(ANNA)}
