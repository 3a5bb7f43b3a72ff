"""Reading a list: access, its day, and what is shown when tables fail."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import (
    ANNA,
    BEN,
    DAY,
    NOON,
    FakeConnections,
    FakeEdges,
    FakePlays,
    FakeProfiles,
    FakeQueues,
    FakeTopLists,
    FakeVisibleLists,
    connection,
    play,
)
from topk.domain.account.connection import Connection, Status
from topk.domain.account.profile import MUCH_FOLLOWED, Profile
from topk.domain.chunk import Chunk
from topk.domain.crawl.job import CrawlJob
from topk.domain.errors import NotVisibleError, OverBudgetError, StoreError
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.feed_order import FeedOrder
from topk.usecases.crawling.crawl_on_view import CrawlOnView
from topk.usecases.lists.read_following import (
    FEED_PAGE,
    FeedPage,
    Place,
    read_following,
    read_shared_songs,
)
from topk.usecases.lists.read_list import Refreshing, Shown, read_list
from topk.usecases.lists.read_many import read_many

BEHIND = connection(crawled_through=NOON - 20 * 3600)


@dataclass
class World:
    plays: FakePlays = field(default_factory=FakePlays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    follows: FakeEdges = field(default_factory=FakeEdges)
    blocks: FakeEdges = field(default_factory=FakeEdges)
    connections: FakeConnections = field(default_factory=FakeConnections)
    queues: FakeQueues = field(default_factory=FakeQueues)
    orders: dict[Owner, FeedOrder] = field(default_factory=dict)

    @property
    def visible_lists(self) -> FakeVisibleLists:
        return FakeVisibleLists(
            self.profiles, self.top_lists, self.follows, self.blocks, self.orders
        )

    @property
    def refreshing(self) -> Refreshing:
        ask = CrawlOnView(self.connections, lambda: self.queues, lambda: "c-1", 20 * 3600)
        return Refreshing(self.plays, self.connections, self.top_lists, ask)

    def read(self, viewer: Owner = BEN, owner: Owner = ANNA, now: int = NOON) -> Shown:
        return read_list(
            viewer, owner, visible_lists=self.visible_lists, refreshing=self.refreshing, now=now
        )

    def following(self, after: Place | None = None, now: int = NOON) -> FeedPage:
        return read_following(
            BEN,
            after=after,
            follows=self.follows,
            visible_lists=self.visible_lists,
            feed_orders=self.visible_lists,
            refreshing=self.refreshing,
            now=now,
        )

    def many(self, *owners: Owner) -> list[Shown]:
        return read_many(
            BEN, owners, visible_lists=self.visible_lists, refreshing=self.refreshing, now=NOON
        )

    def common(self) -> list[tuple[str, int]]:
        found = read_shared_songs(
            BEN, follows=self.follows, visible_lists=self.visible_lists, now=NOON
        )
        return [(one.song.title, one.at_least) for one in found]

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
    assert world.read(ANNA).top_list.songs[0].title == "Dawn", "owners always see their own list"


def test_being_followed_by_a_user_gives_no_access_to_their_list(world: World) -> None:
    world.follows.add(ANNA, BEN)
    with pytest.raises(NotVisibleError):
        world.read()


def test_an_unfollow_takes_effect_on_the_next_read(world: World) -> None:
    world.follows.add(BEN, ANNA)
    world.read()
    world.follows.remove(BEN, ANNA)
    with pytest.raises(NotVisibleError):
        world.read()


def test_unknown_and_invisible_users_get_the_same_response(world: World) -> None:
    world.follows.add(BEN, Owner("harbor", "nobody"))
    with pytest.raises(NotVisibleError):
        world.read(owner=Owner("harbor", "nobody"))


def test_a_user_without_accounts_gets_an_empty_list(world: World) -> None:
    assert world.read(BEN, BEN).top_list.songs == ()
    assert world.top_lists.writes == 0


def test_an_outdated_list_is_rebuilt_and_stored(world: World) -> None:
    world.read(ANNA, now=NOON - DAY)
    shown = world.read(ANNA)
    assert (shown.top_list.as_of, shown.stale) == (date(2026, 11, 22), False)
    world.read(ANNA)
    assert world.top_lists.writes == 2


def test_a_new_time_zone_takes_effect_on_the_next_read(world: World) -> None:
    world.read(ANNA)
    world.profiles.put(ANNA, Profile(time_zone="Asia/Tokyo"))
    assert world.read(ANNA).top_list.time_zone == "Asia/Tokyo"


def test_an_old_list_is_served_as_stale_if_rebuilding_fails(world: World) -> None:
    world.read(ANNA, now=NOON - DAY)
    world.plays.fails = StoreError("throttled")
    shown = world.read(ANNA)
    assert (shown.top_list.as_of, shown.stale) == (date(2026, 11, 21), True)


def test_a_failure_without_a_stored_list_is_an_error(world: World) -> None:
    world.plays.fails = StoreError("throttled")
    with pytest.raises(StoreError):
        world.read(ANNA)


def test_viewing_an_outdated_list_queues_crawls_of_late_connections(
    world: World,
) -> None:
    world.follows.add(BEN, ANNA)
    world.connections.put(BEHIND)
    world.connections.put(connection(provider="youtube", crawled_through=NOON - 20 * 3600 + 1))
    world.connections.put(
        replace(BEHIND, provider="apple_music", status=Status.REAUTH_REQUIRED, version=0)
    )
    version = world.connections.rows[ANNA, "spotify"].version
    world.read()
    assert world.queues.sent == [(CrawlJob(ANNA, "spotify", NOON, "view", "c-1"), 0)]
    assert world.connections.rows[ANNA, "spotify"].version == version, "the version must not change"


def test_viewing_a_popular_users_list_queues_a_priority_crawl(world: World) -> None:
    world.profiles.put(ANNA, Profile(followers=MUCH_FOLLOWED))
    world.connections.put(BEHIND)
    world.read(ANNA)
    assert [job.reason for job, _ in world.queues.sent] == ["sought"]


def test_viewing_a_current_list_queues_no_crawl(world: World) -> None:
    world.read(ANNA)
    world.connections.put(BEHIND)
    world.read(ANNA)
    assert world.queues.sent == []
    assert world.connections.rows[ANNA, "spotify"].viewed_at == 0


def test_a_viewer_without_access_queues_no_crawl(world: World) -> None:
    world.connections.put(BEHIND)
    with pytest.raises(NotVisibleError):
        world.read()
    assert world.queues.sent == []


@given(st.lists(st.integers(1, 3000), max_size=20))
def test_views_queue_at_most_one_crawl_per_connection_and_hour(pauses: list[int]) -> None:
    world = World()
    world.connections.put(BEHIND)
    ask, now = world.refreshing.crawl_on_view, NOON
    assert ask is not None
    for pause in pauses:
        now += pause
        read = world.connections.of_owner(ANNA)
        ask.ask(read, much_followed=False, now=now)
        ask.ask(read, much_followed=False, now=now)
    asked = [job.at for job, _ in world.queues.sent]
    assert len(asked) == len(set(asked)) == min(len(pauses), len(asked))
    assert all(later - earlier >= 3600 for earlier, later in pairwise(asked))
    assert bool(asked) == bool(pauses)


def test_a_change_of_popularity_is_noted_once() -> None:
    writes = []

    class _Counted(FakeConnections):
        def note_followers(self, connection: Connection, *, much_followed: bool) -> None:
            writes.append(much_followed)
            super().note_followers(connection, much_followed=much_followed)

    world = World(connections=_Counted())
    world.connections.put(connection(crawled_through=NOON))
    ask = world.refreshing.crawl_on_view
    assert ask is not None
    for much_followed in (False, True, True, False):
        ask.ask(world.connections.of_owner(ANNA), much_followed=much_followed, now=NOON)
    assert writes == [True, False]
    assert world.queues.sent == []


def test_a_list_is_shown_even_if_the_queue_fails(world: World) -> None:
    class _Down(FakeQueues):
        def send(self, jobs: object, *, delay: int = 0) -> None:
            raise StoreError("throttled")

    world.queues = _Down()
    world.connections.put(BEHIND)
    assert world.read(ANNA).top_list.songs[0].title == "Dawn"


def test_account_alerts_are_shown_only_to_the_owner(world: World) -> None:
    world.follows.add(BEN, ANNA)
    dead = connection(status=Status.REAUTH_REQUIRED, reason="invalid_grant")
    world.connections.put(dead)
    (told,) = world.read(ANNA).alerts or ()
    assert (told.provider, told.status, told.reason) == ("spotify", dead.status, "invalid_grant")
    assert world.read(BEN).alerts is None
    assert [shown.alerts for shown in world.following().lists] == [None]


def test_the_owners_list_is_shown_even_if_a_table_fails(world: World) -> None:
    class _Down(FakeConnections):
        def of_owner(self, owner: Owner, *, consistent: bool = False) -> list[Connection]:
            raise StoreError("throttled")

    world.read(ANNA)
    world.connections = _Down()
    assert world.read(ANNA).alerts == ()


_numbers = st.sets(st.integers(0, 99), max_size=60)


@given(_numbers, st.sets(st.integers(0, 99), max_size=10), _numbers)
def test_the_feed_shows_each_visible_followed_user_once_newest_first(
    followed: set[int], private: set[int], listeners: set[int]
) -> None:
    world = World()
    for number in range(100):
        world.profiles.create(Owner("harbor", f"user-{number:02}"))
    for number in private:
        world.profiles.put(Owner("harbor", f"user-{number:02}"), Profile(Visibility.PRIVATE))
    for number in followed:
        world.follows.add(BEN, Owner("harbor", f"user-{number:02}"))
    for number in listeners:
        one = play("Dawn", NOON - DAY + number)
        owner = Owner("harbor", f"user-{number:02}")
        world.plays.append([Chunk(owner, "spotify", NOON, "c", (one,))])
        if number not in private:
            world.read(owner, owner)
    page = world.following()
    seen = [shown.owner for shown in page.lists]
    while page.cursor:
        assert len(page.lists) <= FEED_PAGE
        page = world.following(page.cursor)
        seen += [shown.owner for shown in page.lists]
    newest_first = sorted(listeners & followed - private, reverse=True)
    others = sorted(followed - private - listeners)
    assert seen == [Owner("harbor", f"user-{n:02}") for n in newest_first + others]


def _listened(world: World, name: str, at: int) -> Owner:
    owner = Owner("harbor", name)
    world.profiles.create(owner)
    world.plays.append([Chunk(owner, "spotify", NOON, f"c{at}", (play("Dawn", at),))])
    world.read(owner, owner, now=NOON)
    world.follows.add(BEN, owner)
    return owner


def _order(world: World, now: int = NOON) -> list[str]:
    return [shown.owner.user for shown in world.following(now=now).lists]


def test_the_order_of_a_feed_is_that_of_the_days_first_look() -> None:
    world = World()
    early = _listened(world, "early", NOON - 2 * DAY)
    _listened(world, "late", NOON - DAY)
    assert _order(world) == ["late", "early"]
    found, version = world.top_lists.get(early)
    assert found is not None
    newer = tuple(song._replace(last_listened_at=NOON - 3600) for song in found.songs)
    world.top_lists.put(early, replace(found, songs=newer), replacing=version)
    assert _order(world) == ["late", "early"]
    assert _order(world, NOON + DAY) == ["early", "late"], "the next day has an order of its own"


def test_who_is_followed_since_is_in_the_feed_at_once() -> None:
    world = World()
    _listened(world, "early", NOON - 2 * DAY)
    assert _order(world) == ["early"]
    _listened(world, "late", NOON - DAY)
    assert _order(world) == ["late", "early"]


def test_an_order_that_is_kept_shows_nobody_who_may_not_be_seen() -> None:
    world = World()
    owners = [_listened(world, name, NOON - DAY) for name in ("a", "b", "c", "d")]
    assert _order(world) == ["a", "b", "c", "d"]
    world.profiles.put(owners[0], Profile(Visibility.PRIVATE))
    world.blocks.add(owners[1], BEN)
    world.follows.remove(BEN, owners[2])
    assert _order(world) == ["d"]


def test_an_order_names_nobody() -> None:
    world = World()
    _listened(world, "early", NOON - 2 * DAY)
    _order(world)
    assert "early" not in repr(world.orders[BEN])


def test_shared_songs_use_only_visible_lists_without_hidden_songs(
    world: World,
) -> None:
    owners = [Owner("harbor", f"user-{number}") for number in range(4)]
    for owner in owners:
        world.heard(owner, "Dawn")
        world.read(owner, owner)
        world.follows.add(BEN, owner)
    assert world.common() == [("Dawn", 3)]
    world.profiles.put(owners[0], Profile(Visibility.PRIVATE))
    assert world.common() == [("Dawn", 3)]
    (song,) = world.read(owners[1], owners[1]).top_list.songs
    world.profiles.hide(owners[1], Hidden(frozenset({song.song_id})))
    assert world.common() == [], "two are too few"
    world.profiles.unhide(owners[1], Hidden(frozenset({song.song_id})))
    world.blocks.add(owners[1], BEN)
    assert world.common() == []
    world.blocks.remove(owners[1], BEN)
    world.follows.remove(BEN, owners[3])
    assert world.common() == []


@given(
    order=st.permutations([f"user-{number}" for number in range(6)]),
    visibilities=st.lists(st.sampled_from(Visibility), min_size=6, max_size=6),
    followed=st.sets(st.integers(0, 5)),
    blocking=st.sets(st.integers(0, 5)),
)
def test_many_lists_are_those_that_can_be_read_one_by_one(
    order: list[str], visibilities: list[Visibility], followed: set[int], blocking: set[int]
) -> None:
    world = World()
    for number, visibility in enumerate(visibilities):
        owner = Owner("harbor", f"user-{number}")
        world.heard(owner, "Dawn")
        world.profiles.put(owner, Profile(visibility))
        if number in followed:
            world.follows.add(BEN, owner)
        if number in blocking:
            world.blocks.add(owner, BEN)
    asked = [Owner("harbor", user) for user in [*order, "nobody"]]
    alone = []
    for owner in asked:
        with suppress(NotVisibleError):
            alone.append(world.read(owner=owner))
    assert world.many(*asked) == alone


def test_the_viewers_own_among_many_is_the_one_that_followers_see() -> None:
    world = World()
    world.heard(BEN, "Dawn")
    (song,) = world.read(BEN, BEN).top_list.songs
    assert [shown.owner for shown in world.many(BEN)] == [BEN]
    world.profiles.hide(BEN, Hidden(frozenset({song.song_id})))
    (shown,) = world.many(BEN)
    assert shown.top_list.songs == ()
    world.profiles.put(BEN, Profile(Visibility.PRIVATE))
    assert world.many(BEN) == []


def test_a_list_of_too_many_plays_refuses_no_others(world: World) -> None:
    world.profiles.put(ANNA, Profile(Visibility.PUBLIC))
    listened = _listened(world, "listened", NOON - DAY)
    world.follows.add(BEN, ANNA)
    world.plays.fails = OverBudgetError("too many plays")
    assert [shown.owner for shown in world.many(ANNA, listened)] == [listened]
    assert [shown.owner for shown in world.following().lists] == [listened]
