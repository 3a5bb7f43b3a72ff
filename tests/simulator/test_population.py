"""The listeners and their follows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.listeners.population import STREAMING, TENANTS, build_population


@given(seed=st.integers(0, 1000), size=st.integers(4, 80))
@settings(max_examples=40, deadline=None)
def test_everybody_is_followed_within_their_tenant_and_nobody_by_themselves(
    seed: int, size: int
) -> None:
    people = build_population(seed, size)
    assert len(people) == size
    for tenant in TENANTS:
        users = {one.user for one in people if one.tenant == tenant}
        followed = {user for one in people if one.tenant == tenant for user in one.follows}
        assert followed == users
    assert all(one.user not in one.follows for one in people)


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_accounts_are_one_to_three_and_belong_to_one_listener_each(seed: int) -> None:
    people = build_population(seed, 60)
    assert {len(one.accounts) for one in people} == {1, 2, 3}
    accounts = [account for one in people for account in one.accounts.values()]
    assert len(set(accounts)) == len(accounts)
    assert {provider for one in people for provider in one.accounts} == set(STREAMING)


def test_apple_listeners_live_in_utc_and_the_others_all_over_the_world() -> None:
    people = build_population(7, 60)
    with_apple = {one.time_zone for one in people if "apple_music" in one.accounts}
    without = {one.time_zone for one in people if "apple_music" not in one.accounts}
    assert with_apple == {"UTC"}
    assert len(without) >= 4


def test_tenants_have_user_ids_in_common() -> None:
    harbor, meadow = (
        {one.user for one in build_population(7, 60) if one.tenant == tenant} for tenant in TENANTS
    )
    assert len(harbor) > len(meadow) > 0
    assert harbor & meadow


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_tiny_population_lives_in_one_tenant(size: int) -> None:
    assert {one.tenant for one in build_population(7, size)} == {"harbor"}
