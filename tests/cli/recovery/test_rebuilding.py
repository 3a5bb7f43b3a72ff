"""Rebuilding all lists of a deployment omits no owner across pages and interruptions."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import pytest

from cli.recovery.position import Position
from cli.recovery.rebuild_lists import Rebuilt
from cli.recovery.rebuilding import rebuild_everyone
from tests.fakes import NOON, play
from tests.stores.conftest import REGION, tables  # noqa: F401 - a fixture
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.stores.tables.play_owners import PlayOwners
from topk.stores.tables.plays import Plays

OWNERS = [Owner("harbor", f"user-{number}") for number in range(9)]


class Interrupted(BaseException):
    """Raised like Ctrl-C."""


class Recorder:
    def __init__(self, *, until: int | None = None) -> None:
        self.seen: list[Owner] = []
        self._until = until

    def __call__(self, owners: Sequence[Owner]) -> Iterator[Rebuilt]:
        for owner in owners:
            if len(self.seen) == self._until:
                raise Interrupted
            self.seen.append(owner)
            yield Rebuilt(owner, changed=True)


@pytest.fixture
def owners(tables: None) -> PlayOwners:  # noqa: F811
    Plays(retention_days=35).append(
        Chunk(owner, "spotify", NOON, f"{crawl}", (play("Dawn", NOON),))
        for owner in OWNERS
        for crawl in range(3)
    )
    return PlayOwners(boto3.client("dynamodb", region_name=REGION), table="Plays")


def _everyone(owners: PlayOwners, rebuild: Recorder, file: Path, passed: list[int]) -> int:
    return rebuild_everyone(
        owners, rebuild, position=Position(file), passed=passed.append, rows=4
    ).owners


def test_every_owner_is_rebuilt_once_even_if_their_chunks_cross_pages(
    owners: PlayOwners, tmp_path: Path
) -> None:
    rebuild, passed = Recorder(), list[int]()
    assert _everyone(owners, rebuild, tmp_path / "p.json", passed) == 9
    assert sorted(rebuild.seen) == OWNERS
    assert sum(passed) == 27
    assert not (tmp_path / "p.json").exists()


def test_an_interrupted_rebuild_resumes_where_it_stopped(
    owners: PlayOwners, tmp_path: Path
) -> None:
    first, second = Recorder(until=5), Recorder()
    with pytest.raises(Interrupted):
        _everyone(owners, first, tmp_path / "p.json", [])
    again = _everyone(owners, second, tmp_path / "p.json", [])
    assert set(first.seen) | set(second.seen) == set(OWNERS)
    assert again < len(OWNERS)


def test_segments_share_the_owners(owners: PlayOwners) -> None:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    asked: list[dict[str, object]] = []
    dynamodb.meta.events.register(
        "provide-client-params.dynamodb.Scan", lambda params, **_: asked.append(params)
    )
    PlayOwners(dynamodb, table="Plays", segment=2, segments=4).page(None, rows=4)
    PlayOwners(dynamodb, table="Plays").page(None, rows=4)
    assert [(one.get("Segment"), one.get("TotalSegments")) for one in asked] == [
        (2, 4),
        (None, None),
    ]
