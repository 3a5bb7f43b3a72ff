"""Profiles, edges, and the single round trip of a read."""

from datetime import date
from typing import Any

import boto3
import pytest

from tests.fakes import ANNA, BEN, NOON
from tests.stores.conftest import REGION
from topk.domain.account.profile import Profile
from topk.domain.errors import ConflictError
from topk.domain.limits import MOST_HIDDEN_SONGS
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Relation, Visibility
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.top_list import TopList
from topk.stores.dynamodb.models import BlockModel, FollowModel, ProfileModel, TopListModel
from topk.stores.graph.edges import Edges
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.stores.tables.visible_lists import VisibleLists

pytestmark = pytest.mark.usefixtures("tables")


def test_a_profile_is_created_once_and_keeps_its_settings() -> None:
    store = Profiles()
    assert store.get(ANNA) is None
    store.create(ANNA)
    assert store.get(ANNA) == Profile()
    chosen = Profile(Visibility.PRIVATE, "Asia/Tokyo")
    store.put(ANNA, chosen)
    store.create(ANNA)
    assert store.get(ANNA) == chosen


def test_follower_counts_are_separate_from_settings_and_create_no_profile() -> None:
    store = Profiles()
    _count_followers(ANNA, 3)
    assert store.get(ANNA) is None, "to be followed is no profile"
    store.create(ANNA)
    store.put(ANNA, Profile(Visibility.PUBLIC))
    _count_followers(ANNA, -1)
    assert store.get(ANNA) == Profile(Visibility.PUBLIC, followers=2)


def _count_followers(owner: Owner, by: int) -> None:
    """As the transaction that writes edges does."""
    ProfileModel(owner.key).update(actions=[ProfileModel.followers.add(by)])


def test_changes_are_counted_by_window_up_to_the_most_and_make_no_profile() -> None:
    store = Profiles()
    assert [store.spend(ANNA, window=7, most=3) for _ in range(5)] == [True] * 3 + [False] * 2
    assert store.spend(BEN, window=7, most=3)
    assert store.spend(ANNA, window=8, most=3)
    assert not store.spend(ANNA, window=7, most=3), "an earlier window is over"
    assert store.get(ANNA) is None


def test_hidden_songs_are_limited_and_separate_from_settings() -> None:
    store = Profiles()
    store.hide(ANNA, Hidden(frozenset({"song-1", "song-2"}), frozenset({"youtube"})))
    assert store.get(ANNA) is None, "to hide something makes no profile"
    store.create(ANNA)
    store.put(ANNA, Profile(Visibility.PUBLIC))
    store.unhide(ANNA, Hidden(frozenset({"song-2", "song-3"})))
    hidden = Hidden(frozenset({"song-1"}), frozenset({"youtube"}))
    assert store.get(ANNA) == Profile(Visibility.PUBLIC, hidden=hidden)
    store.hide(ANNA, Hidden(frozenset(f"more-{number}" for number in range(MOST_HIDDEN_SONGS - 1))))
    with pytest.raises(ConflictError):
        store.hide(ANNA, Hidden(frozenset({"one-more"})))
    store.unhide(ANNA, hidden)
    store.hide(ANNA, Hidden(frozenset({"one-more"})))


def test_adding_and_removing_an_edge_report_whether_it_changed() -> None:
    store = Edges(FollowModel)
    assert [store.add(ANNA, BEN), store.add(ANNA, BEN)] == [True, False]
    assert [store.remove(ANNA, BEN), store.remove(ANNA, BEN)] == [True, False]


def test_pages_of_edges_are_sorted_without_gaps_or_repeats() -> None:
    store = Edges(FollowModel)
    others = [Owner("harbor", f"user-{number:02}") for number in range(45)]
    for other in others:
        store.add(ANNA, other)
        store.add(ANNA, other)
    seen: list[Owner] = []
    after: str | None = None
    while True:
        page, after = store.page(ANNA, after=after, limit=20)
        seen += page
        if after is None:
            break
    assert seen == others


def test_an_edge_is_directed_and_can_be_removed() -> None:
    store = Edges(FollowModel)
    store.add(ANNA, BEN)
    assert store.page(BEN, after=None, limit=20) == ([], None)
    store.remove(ANNA, BEN)
    store.remove(ANNA, BEN)
    assert store.page(ANNA, after=None, limit=20) == ([], None)


def test_reads_each_owners_relation_to_the_viewer() -> None:
    carla, dora = Owner("harbor", "carla"), Owner("harbor", "dora")
    found = TopList((), date(2026, 11, 22), "UTC", Completeness(7))
    Profiles().put(ANNA, Profile(Visibility.PUBLIC))
    TopLists().put(ANNA, found, replacing=0)
    Edges(FollowModel).add(BEN, ANNA)
    Edges(FollowModel).add(carla, BEN)
    Edges(BlockModel).add(carla, BEN)
    Edges(BlockModel).add(BEN, dora)
    anna, ben, third, fourth = VisibleLists(boto3.client("dynamodb", region_name=REGION)).views(
        BEN, [ANNA, BEN, carla, dora]
    )
    assert (anna.profile, anna.top_list) == (Profile(Visibility.PUBLIC), found)
    assert anna.relation == Relation(follows=True)
    assert (ben.relation, ben.profile) == (Relation(is_self=True), None)
    assert third.relation == fourth.relation == Relation(blocked=True)


class _Counted:
    """A DynamoDB client that counts calls and keys."""

    def __init__(self) -> None:
        self._client = boto3.client("dynamodb", region_name=REGION)
        self.calls: list[int] = []

    def batch_get_item(self, **asked: Any) -> Any:
        self.calls.append(sum(len(of["Keys"]) for of in asked["RequestItems"].values()))
        return self._client.batch_get_item(**asked)


@pytest.mark.parametrize("viewer", [BEN, None])
def test_invisible_and_unknown_users_cost_the_same_calls(
    viewer: Owner | None,
) -> None:
    Profiles().put(ANNA, Profile(Visibility.PRIVATE))
    # The body is invalid: reading it would fail, but only visible lists are read.
    TopListModel(ANNA.key, "7d", body=b"?", as_of="2026-11-22", time_zone="UTC", version=1).save()
    client = _Counted()
    private, nobody = (
        VisibleLists(client).views(viewer, [owner])[0]
        for owner in (ANNA, Owner("harbor", "nobody"))
    )
    assert not private.allowed
    assert not nobody.allowed
    assert private.top_list is nobody.top_list is None
    assert client.calls in ([5, 5], [2, 2])


def test_reading_many_owners_equals_reading_each() -> None:
    owners = [Owner("harbor", f"user-{number:03}") for number in range(130)]
    found = TopList((), date(2026, 11, 22), "UTC", Completeness(7))
    for number, owner in enumerate(owners):
        Profiles().put(owner, Profile(Visibility.PUBLIC if number % 3 else Visibility.PRIVATE))
        TopLists().put(owner, found, replacing=0)
    visible_lists = VisibleLists(boto3.client("dynamodb", region_name=REGION))
    views = list(visible_lists.crowd(BEN, owners))
    assert [view.owner for view in views] == owners
    assert [view.allowed for view in views] == [bool(number % 3) for number in range(130)]
    assert [view.top_list is None for view in views] == [number % 3 == 0 for number in range(130)]
    assert visible_lists.heads(owners, now=NOON).latest == {}, "none of them played anything"
