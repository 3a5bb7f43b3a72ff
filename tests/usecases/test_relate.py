"""Edges between users, and the follower counts."""

import pytest

from tests.fakes import ANNA, BEN, FakeEdges, FakeProfiles
from topk.domain.errors import InvalidRequestError
from topk.usecases.accounts.follows import block, follow, unfollow


def test_repeated_follows_and_unfollows_count_a_follower_once() -> None:
    follows, profiles = FakeEdges(), FakeProfiles()
    profiles.create(ANNA)
    counts = []
    for change in (follow, follow, unfollow, unfollow, follow):
        change(BEN, ANNA, follows=follows, profiles=profiles)
        counts.append(profiles.rows[ANNA].followers)
    assert counts == [1, 1, 0, 0, 1]


def test_users_cannot_follow_or_block_themselves() -> None:
    with pytest.raises(InvalidRequestError, match="user_id"):
        follow(ANNA, ANNA, follows=FakeEdges(), profiles=FakeProfiles())
    with pytest.raises(InvalidRequestError, match="user_id"):
        block(ANNA, ANNA, blocks=FakeEdges())
