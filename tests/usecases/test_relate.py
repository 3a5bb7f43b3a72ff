"""Edges between users, and the count of followers that goes with them."""

import pytest

from tests.fakes import ANNA, BEN, FakeEdges, FakeProfiles
from topk.domain.errors import InvalidRequestError
from topk.usecases.accounts.follows import block, follow, unfollow


def test_a_follower_is_counted_once_however_often_they_follow_and_leave() -> None:
    follows, profiles = FakeEdges(), FakeProfiles()
    profiles.create(ANNA)
    counts = []
    for change in (follow, follow, unfollow, unfollow, follow):
        change(BEN, ANNA, follows=follows, profiles=profiles)
        counts.append(profiles.rows[ANNA].followers)
    assert counts == [1, 1, 0, 0, 1]


def test_nobody_follows_or_blocks_themselves() -> None:
    with pytest.raises(InvalidRequestError, match="user_id"):
        follow(ANNA, ANNA, follows=FakeEdges(), profiles=FakeProfiles())
    with pytest.raises(InvalidRequestError, match="user_id"):
        block(ANNA, ANNA, blocks=FakeEdges())
