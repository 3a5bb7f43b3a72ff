"""Edges between users, and the follower counts."""

import pytest

from tests.fakes import ANNA, BEN, FakeEdges, FakeGraph, FakeProfiles
from topk.domain.errors import InvalidRequestError, LimitReachedError
from topk.domain.limits import MOST_BLOCKED, MOST_FOLLOWED
from topk.domain.owner import Owner
from topk.usecases.accounts.follows import block, follow, unblock, unfollow


class World:
    def __init__(self) -> None:
        self.follows, self.blocks, self.profiles = FakeEdges(), FakeEdges(), FakeProfiles()
        self.graph = FakeGraph(self.follows, self.profiles)
        self.profiles.create(ANNA)

    def follow(self, other: Owner) -> None:
        follow(BEN, other, follows=self.follows, graph=self.graph)

    def unfollow(self, other: Owner) -> None:
        unfollow(BEN, other, graph=self.graph)


def test_a_follower_is_counted_once_however_often_they_follow_and_leave() -> None:
    world = World()
    counts = []
    for change in (world.follow, world.follow, world.unfollow, world.unfollow, world.follow):
        change(ANNA)
        counts.append(world.profiles.rows[ANNA].followers)
    assert counts == [1, 1, 0, 0, 1]


def test_nobody_follows_or_blocks_themselves() -> None:
    world = World()
    with pytest.raises(InvalidRequestError, match="user_id"):
        world.follow(BEN)
    with pytest.raises(InvalidRequestError, match="user_id"):
        block(ANNA, ANNA, blocks=world.blocks)


class Unwritable(FakeEdges):
    def add(self, owner: Owner, other: Owner) -> bool:
        raise AssertionError("written")


def test_following_or_blocking_again_writes_nothing() -> None:
    world = World()
    world.follow(ANNA)
    world.graph.follows = Unwritable(world.follows.rows)
    world.follow(ANNA)
    block(BEN, ANNA, blocks=Unwritable({(BEN, ANNA)}))


def _others(number: int) -> set[tuple[Owner, Owner]]:
    return {(BEN, Owner("harbor", f"other-{at}")) for at in range(number)}


def test_no_more_are_followed_than_the_feed_looks_at() -> None:
    world = World()
    world.follows.rows |= _others(MOST_FOLLOWED)
    with pytest.raises(LimitReachedError):
        world.follow(ANNA)
    world.follow(Owner("harbor", "other-0"))
    world.unfollow(Owner("harbor", "other-0"))
    world.follow(ANNA)
    assert len(world.follows.rows) == MOST_FOLLOWED


def test_no_more_are_blocked_than_may_be() -> None:
    world = World()
    world.blocks.rows |= _others(MOST_BLOCKED)
    with pytest.raises(LimitReachedError):
        block(BEN, ANNA, blocks=world.blocks)
    unblock(BEN, Owner("harbor", "other-0"), blocks=world.blocks)
    block(BEN, ANNA, blocks=world.blocks)
