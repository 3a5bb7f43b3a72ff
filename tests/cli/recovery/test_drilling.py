"""Both drills, with moto in place of AWS: every list is exact, no chunk is missing."""

from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from cli.recovery import drilling
from cli.recovery.drilling import Drill, Loss
from tests.fakes import NOON
from tests.stores.conftest import REGION, tables  # noqa: F401 - a fixture
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import PlaysModel, TopListModel
from topk.stores.s3.archive import Archive
from topk.stores.s3.erased_users import ErasedUsers
from topk.stores.tables.play_owners import PlayOwners

OWNERS = 30


def _passed(_more: int) -> None:
    return None


@pytest.fixture
def drill(tables: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drill:  # noqa: F811
    monkeypatch.setattr(drilling, "AT_ONCE", 25)
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="archive")
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    made = Drill(
        OWNERS,
        Archive(s3, bucket="archive"),
        PlayOwners(dynamodb, table="Plays"),
        tmp_path,
        NOON,
        clock=lambda: 0.0,
        cpu_clock=lambda: 0.0,
    )
    made.move_in(_passed)
    made.rebuild(_passed)
    return made


def test_dropped_lists_are_rebuilt_exactly(drill: Drill) -> None:
    loss = drill.lose_top_lists(_passed)
    assert (loss.exact, loss.lost) == (OWNERS, 0)


def test_dropped_plays_are_restored_and_every_list_can_be_rebuilt(
    drill: Drill,
) -> None:
    files = len(drill.archive.files())
    assert drill.lose_plays(_passed) == Loss(
        "Plays", OWNERS, OWNERS, 3 * OWNERS, 0, 0.0, 0.0, 1.0, files
    )
    loss = drill.lose_top_lists(_passed)
    assert (loss.exact, loss.lost) == (OWNERS, 0)


def test_plays_of_many_tenants_are_restored(drill: Drill) -> None:
    """The owners of the drill are of one tenant; these are of one each."""
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="another")
    others = replace(
        drill, archive=Archive(s3, bucket="another"), tenants=OWNERS, truth={}, chunks=0
    )
    PlaysModel.delete_table()
    PlaysModel.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    others.move_in(_passed)
    assert len({owner.tenant for owner in others.truth}) == OWNERS
    loss = others.lose_plays(_passed)
    assert (loss.exact, loss.lost) == (OWNERS, 0)
    assert loss.files == len(drill.archive.files()), "a file holds the plays of all tenants"


def test_inexact_lists_and_missing_chunks_are_reported(drill: Drill) -> None:
    next(iter(TopListModel.scan())).delete()
    next(iter(PlaysModel.scan())).delete()
    found = drill.judged_lists(0.0, 0.0)
    assert (found.exact, found.lost) == (OWNERS - 1, 1)


def test_an_erased_user_is_not_restored_and_reported_as_missing(drill: Drill) -> None:
    erased = Owner("drill", "listener-000003")
    s3 = boto3.client("s3", region_name=REGION)
    list(ErasedUsers(s3, bucket="archive").mark(erased))
    found = drill.lose_plays(_passed)
    assert (found.exact, found.lost) == (OWNERS - 1, 3)
    assert list(PlaysModel.query(erased.key)) == []
