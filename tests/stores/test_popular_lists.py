"""Rows of much-followed owners in memory: how old they may be, and who sees them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, BEN, NOON
from topk.domain.account.profile import MUCH_FOLLOWED
from topk.domain.owner import Owner
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.top_list import TopList
from topk.stores.dynamodb.models import BlockModel, FollowModel, ProfileModel, TopListModel, bind
from topk.stores.graph.edges import Edges
from topk.stores.tables.popular_lists import (
    LIST_SECONDS,
    SETTLING_SECONDS,
    VISIBILITY_SECONDS,
    Blocks,
    PopularLists,
)
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.visible_lists import VisibleLists

TODAY = datetime.fromtimestamp(NOON, UTC).date().isoformat()
LIST: dict[str, dict[str, Any]] = {"as_of": {"S": TODAY}, "body": {"B": b""}}


def row(followers: int = MUCH_FOLLOWED, **more: Any) -> dict[str, dict[str, Any]]:
    settings = {"visibility": {"S": "public"}, "followers": {"N": str(followers)}}
    return settings | {name: {"N": str(value)} for name, value in more.items()}


@dataclass
class Table:
    """The profile and blocks of one owner, and how often each was read."""

    chosen: dict[str, Any] | None = field(default_factory=row)
    blocked: set[str] = field(default_factory=set)
    profile_reads: int = 0
    block_reads: int = 0

    def kept(self) -> PopularLists:
        return PopularLists(self._profile, self._blocks, most=2)

    def _profile(self, _: Owner) -> dict[str, Any] | None:
        self.profile_reads += 1
        return self.chosen

    def _blocks(self, _: Owner) -> Blocks:
        self.block_reads += 1
        return Blocks({*self.blocked}, set())


def test_an_owner_with_few_followers_is_not_kept() -> None:
    kept = Table().kept()
    kept.keep(ANNA, row(MUCH_FOLLOWED - 1), LIST, now=NOON)
    assert kept.get(ANNA, now=NOON) is None


@pytest.mark.parametrize("settings", [{"visibility": {"S": "private"}}, {"erasing": {"S": "r"}}])
def test_a_private_or_leaving_owner_is_not_kept(settings: dict[str, Any]) -> None:
    kept = Table().kept()
    kept.keep(ANNA, row() | settings, LIST, now=NOON)
    assert kept.get(ANNA, now=NOON) is None


def test_settings_are_read_once_in_four_seconds_and_blocks_once() -> None:
    table = Table()
    kept = table.kept()
    kept.keep(ANNA, row(), LIST, now=NOON)
    for second in range(40):
        for _ in range(5):
            assert kept.get(ANNA, now=NOON + second)
    assert (table.profile_reads, table.block_reads) == (40 // VISIBILITY_SECONDS - 1, 1)


def test_a_list_is_read_again_after_two_minutes() -> None:
    kept = Table().kept()
    kept.keep(ANNA, row(), LIST, now=NOON)
    assert kept.get(ANNA, now=NOON + LIST_SECONDS - 1)
    assert kept.get(ANNA, now=NOON + LIST_SECONDS) is None


def test_a_list_of_yesterday_is_read_each_time_until_it_is_built() -> None:
    kept = Table().kept()
    kept.keep(ANNA, row(), LIST | {"as_of": {"S": "2020-01-01"}}, now=NOON)
    assert kept.get(ANNA, now=NOON) is None


def test_a_list_is_not_kept_under_other_settings() -> None:
    for changed in (row(plays_deleted_at=NOON), row() | {"hidden_songs": {"SS": ["a"]}}):
        table = Table()
        kept = table.kept()
        kept.keep(ANNA, row(), LIST, now=NOON)
        table.chosen = changed
        assert kept.get(ANNA, now=NOON + VISIBILITY_SECONDS) is None


def test_blocks_are_read_again_where_their_stamp_says_so_and_while_the_index_may_be_behind() -> (
    None
):
    table = Table()
    kept = table.kept()
    kept.keep(ANNA, row(), LIST, now=NOON)
    assert kept.get(ANNA, now=NOON)
    table.blocked, table.chosen = {"ben"}, row(blocks_changed_at=NOON + 1)
    found = kept.get(ANNA, now=NOON + VISIBILITY_SECONDS)
    assert found is not None
    assert found.blocks == Blocks({"ben"}, set())
    settled = NOON + 1 + SETTLING_SECONDS + VISIBILITY_SECONDS
    for now in range(NOON + VISIBILITY_SECONDS, settled + 20):
        kept.get(ANNA, now=now)
    before = table.block_reads
    assert 3 <= before <= 5
    kept.get(ANNA, now=settled + 30)
    assert table.block_reads == before


def test_the_least_recently_read_owner_makes_room() -> None:
    kept = Table().kept()
    first, second, third = ANNA, BEN, Owner("harbor", "carla")
    kept.keep(first, row(), LIST, now=NOON)
    kept.keep(second, row(), LIST, now=NOON)
    kept.get(first, now=NOON)
    kept.keep(third, row(), LIST, now=NOON)
    assert [bool(kept.get(one, now=NOON)) for one in (first, second, third)] == [True, False, True]


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["hide", "block", "private", ""]))))
def test_no_change_takes_five_seconds_to_take_effect(steps: list[tuple[int, str]]) -> None:
    table, now = Table(), NOON
    kept = table.kept()
    changed: dict[str, int] = {}
    for pause, change in steps:
        now += pause
        if change and change not in changed:
            changed[change] = now
        if change == "hide":
            table.chosen = (table.chosen or {}) | {"hidden_songs": {"SS": ["a"]}}
        if change == "block":
            table.blocked = {"ben"}
            table.chosen = (table.chosen or {}) | {"blocks_changed_at": {"N": str(now)}}
        if change == "private":
            table.chosen = (table.chosen or {}) | {"visibility": {"S": "private"}}
        found = kept.get(ANNA, now=now)
        if found is None:
            kept.keep(ANNA, table.chosen, LIST, now=now)
            continue
        late = {what for what, since in changed.items() if now - since >= 5}
        assert "private" not in late
        assert "hide" not in late or "hidden_songs" in found.profile
        assert "block" not in late or "ben" in ((found.blocks and found.blocks.by_owner) or ())


@pytest.fixture
def visible_lists(tables: None) -> VisibleLists:
    lists = VisibleLists(bind({"top_lists": "TopLists"}, region="us-east-1").client)
    Profiles().create(ANNA)
    ProfileModel(ANNA.key).update(
        actions=[
            ProfileModel.followers.set(MUCH_FOLLOWED),
            ProfileModel.visibility.set("public"),
        ]
    )
    return lists


def _allowed(lists: VisibleLists, now: int, viewer: Owner = BEN) -> bool:
    (view,) = lists.views(viewer, [ANNA], now=now)
    return view.allowed


@pytest.mark.parametrize("blocking", [(ANNA, BEN), (BEN, ANNA)])
def test_a_block_either_way_hides_a_kept_list(
    visible_lists: VisibleLists, blocking: tuple[Owner, Owner]
) -> None:
    _store_list()
    assert _allowed(visible_lists, NOON)
    assert _allowed(visible_lists, NOON + 1)
    Edges(BlockModel).add(*blocking)
    Profiles().note_block(ANNA, now=NOON + 1)
    assert not _allowed(visible_lists, NOON + 5)
    assert _allowed(visible_lists, NOON + 5, Owner("harbor", "carla"))


def test_followers_alone_see_a_kept_list_for_followers(visible_lists: VisibleLists) -> None:
    _store_list()
    ProfileModel(ANNA.key).update(actions=[ProfileModel.visibility.set("followers")])
    Edges(FollowModel).add(BEN, ANNA)
    assert _allowed(visible_lists, NOON)
    assert _allowed(visible_lists, NOON + 1)
    assert not _allowed(visible_lists, NOON + 1, Owner("harbor", "carla"))
    Edges(FollowModel).remove(BEN, ANNA)
    assert not _allowed(visible_lists, NOON + 1), "the edge is read each time"


def _store_list() -> None:
    found = TopList((), datetime.fromtimestamp(NOON, UTC).date(), "UTC", Completeness())
    TopLists().put(ANNA, found, replacing=0)
    assert TopListModel.count() == 1
