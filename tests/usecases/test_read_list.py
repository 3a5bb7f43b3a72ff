"""Reading: who may, what day, and what is shown when the tables fail."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import (
    ANNA,
    BEN,
    DAY,
    NOON,
    FakeAudience,
    FakeConnections,
    FakeEdges,
    FakePlays,
    FakeProfiles,
    FakeTopLists,
    play,
)
from topk.domain.chunk import Chunk
from topk.domain.errors import NotVisibleError, StoreError
from topk.domain.owner import Owner
from topk.domain.profile import Profile
from topk.domain.visibility import Visibility
from topk.usecases.read_list import (
    FEED_PAGE,
    FeedPage,
    Refreshing,
    Shown,
    read_following,
    read_list,
)


@dataclass
class World:
    plays: FakePlays = field(default_factory=FakePlays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    follows: FakeEdges = field(default_factory=FakeEdges)
    blocks: FakeEdges = field(default_factory=FakeEdges)

    @property
    def audience(self) -> FakeAudience:
        return FakeAudience(self.profiles, self.top_lists, self.follows, self.blocks)

    @property
    def refreshing(self) -> Refreshing:
        return Refreshing(self.plays, FakeConnections(), self.top_lists)

    def read(self, viewer: Owner = BEN, owner: Owner = ANNA, now: int = NOON) -> Shown:
        return read_list(viewer, owner, audience=self.audience, refreshing=self.refreshing, now=now)

    def following(self, after: str | None = None) -> FeedPage:
        return read_following(
            BEN,
            after=after,
            follows=self.follows,
            audience=self.audience,
            refreshing=self.refreshing,
            now=NOON,
        )

    def heard(self, owner: Owner, title: str) -> None:
        self.profiles.create(owner)
        self.plays.append([Chunk(owner, "spotify", NOON, "c", (play(title, NOON - DAY),))])


@pytest.fixture
def world() -> World:
    world = World()
    world.heard(ANNA, "Dawn")
    return world


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize("block", [None, (ANNA, BEN), (BEN, ANNA)])
@pytest.mark.parametrize("visibility", list(Visibility))
def test_who_may_see_a_list(
    world: World, visibility: Visibility, block: tuple[Owner, Owner] | None, follows: bool
) -> None:
    world.profiles.put(ANNA, Profile(visibility))
    if follows:
        world.follows.add(BEN, ANNA)
    if block:
        world.blocks.add(*block)
    allowed = block is None and (
        visibility is Visibility.PUBLIC or (visibility is Visibility.FOLLOWERS and follows)
    )
    if allowed:
        assert world.read().top_list.songs[0].title == "Dawn"
    else:
        with pytest.raises(NotVisibleError):
            world.read()
    assert world.read(ANNA).top_list.songs[0].title == "Dawn", "one's own is always to be seen"


def test_being_followed_by_someone_gives_no_right_to_see_them(world: World) -> None:
    world.follows.add(ANNA, BEN)
    with pytest.raises(NotVisibleError):
        world.read()


def test_an_unfollow_works_on_the_next_read(world: World) -> None:
    world.follows.add(BEN, ANNA)
    world.read()
    world.follows.remove(BEN, ANNA)
    with pytest.raises(NotVisibleError):
        world.read()


def test_nobody_looks_like_one_who_may_not_be_seen(world: World) -> None:
    world.follows.add(BEN, Owner("harbor", "nobody"))
    with pytest.raises(NotVisibleError):
        world.read(owner=Owner("harbor", "nobody"))


def test_a_user_without_accounts_has_an_empty_list_of_their_own(world: World) -> None:
    assert world.read(BEN, BEN).top_list.songs == ()
    assert world.top_lists.writes == 0


def test_a_list_of_an_earlier_day_is_made_anew_and_kept(world: World) -> None:
    world.read(ANNA, now=NOON - DAY)
    shown = world.read(ANNA)
    assert (shown.top_list.as_of, shown.stale) == (date(2026, 11, 22), False)
    world.read(ANNA)
    assert world.top_lists.writes == 2


def test_a_change_of_time_zone_works_on_the_next_read(world: World) -> None:
    world.read(ANNA)
    world.profiles.put(ANNA, Profile(time_zone="Asia/Tokyo"))
    assert world.read(ANNA).top_list.time_zone == "Asia/Tokyo"


def test_an_old_list_is_better_than_none_and_says_so(world: World) -> None:
    world.read(ANNA, now=NOON - DAY)
    world.plays.fails = StoreError("throttled")
    shown = world.read(ANNA)
    assert (shown.top_list.as_of, shown.stale) == (date(2026, 11, 21), True)


def test_without_any_list_a_failure_is_one(world: World) -> None:
    world.plays.fails = StoreError("throttled")
    with pytest.raises(StoreError):
        world.read(ANNA)


@given(st.sets(st.integers(0, 99), max_size=60), st.sets(st.integers(0, 99), max_size=10))
def test_the_pages_show_everyone_followed_who_may_be_seen_once(
    followed: set[int], private: set[int]
) -> None:
    world = World()
    for number in range(100):
        world.profiles.create(Owner("harbor", f"user-{number:02}"))
    for number in private:
        world.profiles.put(Owner("harbor", f"user-{number:02}"), Profile(Visibility.PRIVATE))
    for number in followed:
        world.follows.add(BEN, Owner("harbor", f"user-{number:02}"))
    page = world.following()
    seen = [shown.owner for shown in page.lists]
    while page.cursor:
        assert len(page.lists) <= FEED_PAGE
        page = world.following(page.cursor)
        seen += [shown.owner for shown in page.lists]
    assert seen == sorted(Owner("harbor", f"user-{n:02}") for n in followed - private)
