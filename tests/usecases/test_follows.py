"""Following by each rule, consent, removal and blocks; follower counts match the edges."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import (
    ANNA,
    BEN,
    NOON,
    FakeEdges,
    FakeFollowRequests,
    FakeGraph,
    FakePairs,
    FakeProfiles,
)
from topk.domain.account.edge import Edge
from topk.domain.account.following import Follows, FollowState
from topk.domain.errors import (
    InvalidRequestError,
    LimitReachedError,
    NotAllowedError,
    NotVisibleError,
    TopkError,
)
from topk.domain.limits import MOST_BLOCKED, MOST_FOLLOWED, MOST_REQUESTS, REQUEST_SECONDS
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.usecases.accounts import follows
from topk.usecases.accounts.change_edges import Told, change_edges
from topk.usecases.accounts.follows import PAGE, Following

NOBODY = Owner("harbor", "nobody")
BEN_ANNA = Edge(BEN, ANNA)


class World:
    """Anna and Ben have profiles."""

    def __init__(self, rule: Follows = Follows.REQUEST) -> None:
        self.edges, self.blocks, self.profiles = FakeEdges(), FakeEdges(), FakeProfiles()
        self.graph = FakeGraph(self.edges, self.profiles)
        self.requests = FakeFollowRequests()
        self.rule, self.now = rule, NOON
        for owner in (ANNA, BEN):
            self.profiles.create(owner)

    @property
    def parts(self) -> Following:
        pairs = FakePairs(self.graph, self.requests, self.blocks)
        return Following(self.rule, self.edges, self.requests, pairs, self.graph, self.now)

    def publish(self, owner: Owner) -> None:
        self.profiles.put(owner, replace(self.profiles.rows[owner], visibility=Visibility.PUBLIC))

    def ask(self, other: Owner = ANNA) -> FollowState:
        return follows.follow(BEN, other, self.parts)

    def state(self, other: Owner = ANNA) -> FollowState:
        return follows.follow_state(BEN, other, self.parts)

    def unfollow(self, other: Owner = ANNA) -> None:
        follows.unfollow(BEN, other, self.parts)

    def accept(self) -> None:
        follows.accept(ANNA, BEN, self.parts)

    def decline(self) -> None:
        follows.decline(ANNA, BEN, self.parts)

    def remove(self) -> None:
        follows.remove_follower(ANNA, BEN, self.parts)

    def block(self, owner: Owner = ANNA, other: Owner = BEN) -> None:
        follows.block(owner, other, blocks=self.blocks, profiles=FakeProfiles(), parts=self.parts)

    def tell(self, *, follow: bool = True) -> None:
        change_edges("harbor", [Told("ben", "anna", follow)], graph=self.graph)

    def received(self) -> list[str]:
        page = follows.requests(ANNA, after=None, parts=self.parts)
        return [one.edge.follower.user for one in page.received]

    def sent(self) -> list[str]:
        page = follows.requests(BEN, after=None, parts=self.parts)
        return [one.edge.followed.user for one in page.sent]

    def followers(self) -> list[str]:
        page = follows.followers(ANNA, after=None, parts=self.parts)
        return [one.user for one in page.followers]

    @property
    def count(self) -> int:
        return self.profiles.rows[ANNA].followers


def test_a_request_becomes_a_follow_only_when_it_is_accepted() -> None:
    world = World()
    assert world.state() is FollowState.NONE
    assert (world.ask(), world.ask()) == (FollowState.REQUESTED, FollowState.REQUESTED)
    assert (world.received(), world.sent(), world.followers()) == (["ben"], ["anna"], [])
    world.accept()
    world.accept()
    assert (world.ask(), world.state()) == (FollowState.FOLLOWING, FollowState.FOLLOWING)
    assert (world.received(), world.sent(), world.followers()) == ([], [], ["ben"])
    assert (world.count, world.graph.agreed) == (1, {BEN_ANNA: NOON})


def test_a_declined_request_looks_pending_to_the_asker_and_cannot_be_repeated() -> None:
    world = World()
    world.ask()
    world.decline()
    assert (world.received(), world.sent(), world.state()) == ([], ["anna"], FollowState.REQUESTED)
    world.unfollow()
    assert (world.sent(), world.state()) == ([], FollowState.NONE)
    world.ask()
    assert (world.received(), world.sent()) == ([], ["anna"])
    world.now += REQUEST_SECONDS
    assert world.state() is FollowState.NONE
    world.ask()
    assert world.received() == ["ben"]


def test_a_declined_request_can_still_be_accepted() -> None:
    world = World()
    world.ask()
    world.decline()
    world.accept()
    assert world.followers() == ["ben"]


def test_a_withdrawn_request_cannot_be_accepted() -> None:
    world = World()
    world.ask()
    world.unfollow()
    with pytest.raises(NotVisibleError):
        world.accept()
    assert world.count == 0


def test_without_a_request_nobody_can_be_accepted() -> None:
    world = World()
    with pytest.raises(NotVisibleError):
        world.accept()
    assert world.edges.rows == set()


def test_either_user_ends_a_follow_that_they_agreed_on() -> None:
    for end in (World.unfollow, World.remove):
        world = World()
        world.ask()
        world.accept()
        end(world)
        end(world)
        assert (world.followers(), world.count, world.state()) == ([], 0, FollowState.NONE)


def test_where_the_host_app_decides_users_can_neither_follow_nor_end_it() -> None:
    world = World(Follows.HOST)
    world.tell()
    for act in (world.ask, world.unfollow, world.accept, world.remove):
        with pytest.raises(NotAllowedError):
            act()
    assert (world.followers(), world.state(), world.count) == (["ben"], FollowState.FOLLOWING, 1)


@pytest.mark.parametrize("rule", [Follows.REQUEST, Follows.OPEN])
def test_users_do_not_end_what_the_host_app_set(rule: Follows) -> None:
    world = World(rule)
    world.tell()
    for act in (world.unfollow, world.remove):
        with pytest.raises(NotAllowedError):
            act()
    assert (world.followers(), world.count) == (["ben"], 1)


def test_a_follow_that_the_host_app_tells_as_well_becomes_its_own() -> None:
    world = World()
    world.ask()
    world.accept()
    world.tell()
    assert world.count == 1
    with pytest.raises(NotAllowedError):
        world.remove()
    world.tell(follow=False)
    assert (world.followers(), world.count) == ([], 0)


def test_where_following_is_open_only_public_lists_are_followed() -> None:
    world = World(Follows.OPEN)
    with pytest.raises(NotVisibleError):
        world.ask()
    world.publish(ANNA)
    assert world.ask() is FollowState.FOLLOWING
    assert (world.followers(), world.count, world.received()) == (["ben"], 1, [])
    world.remove()
    assert world.followers() == []


@pytest.mark.parametrize("rule", list(Follows))
def test_a_blocked_user_sees_what_an_unknown_user_would_show(rule: Follows) -> None:
    for blocker, blocked in ((ANNA, BEN), (BEN, ANNA)):
        world = World(rule)
        world.publish(ANNA)
        world.block(blocker, blocked)
        for act in (world.ask, world.state):
            assert _outcome(act, ANNA) == _outcome(act, NOBODY)
        with pytest.raises(NotVisibleError):
            world.state()


def _outcome(act: object, other: Owner) -> str:
    try:
        return str(act(other))  # type: ignore[operator]
    except TopkError as error:
        return f"{type(error).__name__} {error}"


@pytest.mark.parametrize("by_ben", [True, False])
def test_a_block_ends_follows_and_requests_in_both_directions(by_ben: bool) -> None:
    world = World()
    world.ask()
    world.accept()
    follows.follow(ANNA, BEN, world.parts)
    pair = (BEN, ANNA) if by_ben else (ANNA, BEN)
    world.block(*pair)
    assert (world.edges.rows, world.requests.rows, world.count) == (set(), {}, 0)
    follows.unblock(*pair, blocks=world.blocks)
    assert (world.followers(), world.state()) == ([], FollowState.NONE)


def test_a_block_keeps_what_the_host_app_set_without_showing_it() -> None:
    world = World(Follows.HOST)
    world.tell()
    world.block()
    assert (world.followers(), world.count) == ([], 1)
    follows.unblock(ANNA, BEN, blocks=world.blocks)
    assert world.followers() == ["ben"]


def test_a_request_to_a_user_who_is_being_erased_is_a_request_to_nobody() -> None:
    for followed in (False, True):
        world = World()
        if followed:
            world.tell()
        world.profiles.mark_erasing(ANNA, "fake-receipt")
        for act in (world.ask, world.state):
            assert _outcome(act, ANNA) == _outcome(act, NOBODY)


def test_nobody_follows_or_blocks_themselves() -> None:
    world = World()
    for act in (world.ask, world.state):
        with pytest.raises(InvalidRequestError, match="user_id"):
            act(BEN)
    with pytest.raises(InvalidRequestError, match="user_id"):
        world.block(ANNA, ANNA)


class Unwritable(FakeEdges):
    def add(self, owner: Owner, other: Owner) -> bool:
        raise AssertionError("written")


class Unaskable(FakeFollowRequests):
    def ask(self, edge: Edge, *, now: int) -> None:
        raise AssertionError("written")


def test_following_asking_or_blocking_again_writes_nothing() -> None:
    world = World()
    world.ask()
    world.requests = Unaskable(world.requests.rows)
    world.ask()
    world.accept()
    world.graph.follows = Unwritable(world.edges.rows)
    world.ask()
    follows.block(
        BEN,
        ANNA,
        blocks=Unwritable({(BEN, ANNA)}),
        profiles=FakeProfiles(),
        parts=world.parts,
    )


def _others(number: int) -> set[tuple[Owner, Owner]]:
    return {(BEN, Owner("harbor", f"other-{at}")) for at in range(number)}


def test_no_more_are_followed_than_the_feed_looks_at() -> None:
    world = World()
    world.ask()
    world.edges.rows |= _others(MOST_FOLLOWED)
    with pytest.raises(LimitReachedError):
        world.accept()
    world.unfollow()
    with pytest.raises(LimitReachedError):
        world.ask()


def test_no_more_are_asked_than_may_be() -> None:
    world = World()
    for number in range(MOST_REQUESTS):
        other = Owner("harbor", f"other-{number}")
        world.profiles.create(other)
        world.ask(other)
    with pytest.raises(LimitReachedError):
        world.ask()
    world.now += REQUEST_SECONDS
    assert world.ask() is FollowState.REQUESTED


def test_no_more_are_blocked_than_may_be() -> None:
    world = World()
    world.blocks.rows |= _others(MOST_BLOCKED)
    with pytest.raises(LimitReachedError):
        world.block(BEN, ANNA)
    follows.unblock(BEN, Owner("harbor", "other-0"), blocks=world.blocks)
    world.block(BEN, ANNA)


def test_followers_and_requests_are_listed_page_by_page() -> None:
    world = World()
    fans = [Owner("harbor", f"fan-{number:03}") for number in range(2 * PAGE + 3)]
    for fan in fans:
        follows.follow(fan, ANNA, world.parts)
    assert _pages(world, requests=True) == [fan.user for fan in fans]
    for fan in fans:
        follows.accept(ANNA, fan, world.parts)
    assert _pages(world, requests=False) == [fan.user for fan in fans]


def _pages(world: World, *, requests: bool) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        if requests:
            asked = follows.requests(ANNA, after=after, parts=world.parts)
            found += [one.edge.follower.user for one in asked.received]
            after = asked.cursor
        else:
            page = follows.followers(ANNA, after=after, parts=world.parts)
            found += [one.user for one in page.followers]
            after = page.cursor
        if after is None:
            return found


_ACTS = ("ask", "unfollow", "accept", "decline", "remove", "block", "tell", "untell", "unblock")


@given(acts=st.lists(st.sampled_from(_ACTS), max_size=15), rule=st.sampled_from(Follows))
def test_no_sequence_makes_a_follow_without_consent(acts: list[str], rule: Follows) -> None:
    """Anna, whose list is for followers, has one because the host set it or she accepted."""
    world, told, consented = World(rule), False, False
    for act in acts:
        done = _try(world, act)
        told = {"tell": True, "untell": False}.get(act, told)
        consented = (consented or (act == "accept" and done)) and act != "block"
        follows_anna = (BEN, ANNA) in world.edges.rows
        assert not follows_anna or told or consented
        assert world.count == follows_anna
        assert told <= follows_anna


def _try(world: World, act: str) -> bool:
    try:
        match act:
            case "tell" | "untell":
                world.tell(follow=act == "tell")
            case "unblock":
                follows.unblock(ANNA, BEN, blocks=world.blocks)
            case _:
                getattr(world, act)()
    except TopkError:
        return False
    return True
