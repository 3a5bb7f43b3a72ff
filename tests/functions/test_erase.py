"""erase: nothing of the user is left, and nothing of other users is touched."""

import boto3
import pytest

from cli.recovery.restore_plays import restore
from cli.sandbox.deployment import ARCHIVE, REGION
from functions.erase.wiring import erasing
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
from topk.usecases.privacy.erase import DISCONNECTED, HELD_OF_NO_USER, LAST, places

HUGO = Owner("harbor", "hugo")


def _naming(user: str) -> list[str]:
    """The tables with a row that mentions `user`."""
    client = boto3.client("dynamodb", region_name=REGION)
    return [table for table in MODELS if user in str(client.scan(TableName=table)["Items"])]


def test_the_first_pass_leaves_only_the_tombstone_and_queues_a_sweep(stage: Stage) -> None:
    stage.play("erase/first_pass")
    assert _naming("hugo") == ["profiles", "erasures"]
    assert "queue topk-erasures" in stage.changed


def test_after_the_sweep_only_the_receipt_is_left(stage: Stage) -> None:
    stage.play("erase/first_pass")
    for _ in range(2):
        stage.play("erase/sweep")
        assert _naming("harbor#hugo") == []
        assert stage.ask("privacy/erasure")[1]["progress"] == "done"
    others = {key for keys in stage.changed.values() for key in keys if "hugo" not in key}
    mark = f"erased/tenant=harbor/{digest_of('hugo')}"
    assert others == {"messages", "harbor#anna", mark}, (
        "the users he followed have one follower fewer"
    )


def test_an_early_pass_is_delayed_again(stage: Stage) -> None:
    stage.play("erase/too_early")
    assert stage.changed == {"queue topk-erasures": ["messages"]}


def test_an_old_message_does_not_erase_a_user_who_returned(stage: Stage) -> None:
    stage.play("erase/came_back")
    assert stage.changed == {}


def test_an_unreadable_message_fails_and_is_dead_lettered(
    stage: Stage,
) -> None:
    with pytest.raises(MalformedMessageError):
        stage.play("erase/malformed")


def test_every_table_is_emptied_or_listed_with_a_reason(stage: Stage) -> None:
    emptied = {place.name for place in places(erasing().ports)} | DISCONNECTED | LAST
    assert emptied & SCHEMAS.keys() | HELD_OF_NO_USER.keys() == SCHEMAS.keys()
    assert not emptied & HELD_OF_NO_USER.keys()


def test_the_archive_returns_no_erased_plays_from_the_first_pass_on(stage: Stage) -> None:
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
