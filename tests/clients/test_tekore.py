"""Tekore, which checks every field of an answer, against the simulated Spotify."""

import pytest

from simulator.clock import Clock
from simulator.world import World
from tests.clients.client import Client, python_flow
from tests.clients.conftest import START, Flow
from tests.clients.spotify import APP, SCOPES, busiest, register, shown, take_back


@pytest.fixture
def tekore(flow: Flow, world: World) -> Client:
    register(world)
    return flow(python_flow("tekore_flow"))


@pytest.fixture
def account(world: World) -> str:
    return busiest(world)


def test_a_confidential_client_connects_and_refreshes(tekore: Client, account: str) -> None:
    token = tekore("connect", app=APP, account=account)
    renewed = tekore("refresh", app=APP, token=token["refresh_token"])

    assert token["scope"] == SCOPES
    assert token["expires_in"] == 3600
    assert renewed["refresh_token"] == token["refresh_token"]
    assert renewed["access_token"] != token["access_token"]


def test_a_public_client_connects_and_its_refresh_tokens_rotate(
    tekore: Client, account: str
) -> None:
    token = tekore("connect_public", app=APP, account=account)
    renewed = tekore("refresh_public", app=APP, token=token["refresh_token"])

    assert renewed["refresh_token"] != token["refresh_token"]
    assert renewed["scope"] == SCOPES


def test_no_field_of_a_play_is_missing(tekore: Client, world: World, account: str) -> None:
    token = tekore("connect", app=APP, account=account)["access_token"]
    read = tekore("history", token=token, limit=20)
    entries = shown(world, account)

    assert read["pages"] == -(-len(entries) // 20) > 1
    assert [round(played_at * 1000) for _, played_at in read["plays"]] == [
        entry.stamp_ms for entry in entries
    ]
    for (track, _), entry in zip(read["plays"], entries, strict=True):
        assert track in world.songs[entry.play.song].spotify_ids


def test_refusals_raise_the_errors_of_the_client(
    tekore: Client, world: World, account: str, clock: Clock
) -> None:
    token = tekore("connect", app=APP, account=account)
    too_long = tekore("page", token=token["access_token"], limit=51)
    clock.set(START + 3600, running=False)
    expired = tekore("page", token=token["access_token"])
    take_back(world, account)
    revoked = tekore("refresh", app=APP, token=token["refresh_token"])

    assert too_long["error"] == "BadRequest"
    assert expired["error"] == "Unauthorised"
    assert "The access token expired" in expired["message"]
    assert revoked["error"] == "RefreshTokenInvalid"
