"""Spotipy against the simulated Spotify."""

from datetime import datetime

import pytest

from simulator.clock import Clock
from simulator.habits import Habits
from simulator.providers.trouble import Fault, Mode
from simulator.world import World
from tests.clients.client import Client, python_flow
from tests.clients.conftest import START, Flow
from tests.clients.spotify import APP, busiest, register, shown, take_back


@pytest.fixture
def spotipy(flow: Flow, world: World) -> Client:
    register(world)
    return flow(python_flow("spotipy_flow"))


@pytest.fixture
def account(world: World) -> str:
    return busiest(world)


def test_a_confidential_client_needs_no_pkce_and_may_ask_for_two_scopes(
    spotipy: Client, account: str
) -> None:
    connected = spotipy("connect", app=APP, account=account)
    renewed = spotipy("refresh", app=APP, token=connected["token"]["refresh_token"])

    assert connected["state"] == "s-1"
    assert connected["token"]["expires_at"] == START + 3600
    assert renewed["token"]["access_token"] != connected["token"]["access_token"]
    assert renewed["token"]["refresh_token"] == connected["token"]["refresh_token"]


def test_a_public_client_has_no_secret_and_single_use_refresh_tokens(
    spotipy: Client, account: str
) -> None:
    first = spotipy("connect_public", app=APP, account=account)["token"]["refresh_token"]
    second = spotipy("refresh_public", app=APP, token=first)["token"]["refresh_token"]
    again = spotipy("refresh_public", app=APP, token=first)
    third = spotipy("refresh_public", app=APP, token=second)["token"]["refresh_token"]

    assert len({first, second, third}) == 3
    assert again == {"error": "invalid_grant", "description": "Refresh token revoked"}


def test_the_history_is_read_page_by_page(spotipy: Client, world: World, account: str) -> None:
    token = spotipy("connect", app=APP, account=account)["token"]["access_token"]
    pages = spotipy("history", token=token, limit=20)
    entries = shown(world, account)

    assert len(entries) > 20
    read = [item for page in pages for item in page["items"]]
    stamps = [datetime.fromisoformat(item["played_at"]).timestamp() for item in read]
    assert [round(stamp * 1000) for stamp in stamps] == [entry.stamp_ms for entry in entries]
    assert [item["track"]["external_ids"]["isrc"] for item in read] == [
        world.songs[entry.play.song].isrc for entry in entries
    ]
    assert all(page["next"].startswith("https://api.spotify.com/v1/me/") for page in pages[:-1])


def test_refusals_of_consent_and_of_codes_read_as_documented(
    spotipy: Client, world: World, account: str
) -> None:
    denied = spotipy("connect", app=APP, account=account, decision="deny")
    unknown = spotipy("redeem", app=APP, code="fake-code")
    foreign = spotipy("redeem", app=APP | {"client_secret": "fake-guess"}, code="fake-code")
    token = spotipy("connect", app=APP, account=account)["token"]["refresh_token"]
    take_back(world, account)
    revoked = spotipy("refresh", app=APP, token=token)

    assert denied["error"] == "access_denied"
    assert unknown == {"error": "invalid_grant", "description": "Invalid authorization code"}
    assert foreign["error"] == "invalid_client"
    assert revoked == {"error": "invalid_grant", "description": "Refresh token revoked"}


def test_refusals_of_the_history_read_as_documented(
    spotipy: Client, world: World, account: str, clock: Clock
) -> None:
    token = spotipy("connect", app=APP, account=account)["token"]["access_token"]
    contradictory = spotipy("page", token=token, after=1, before=2)
    too_long = spotipy("page", token=token, limit=51)
    clock.set(START + 3600, running=False)
    expired = spotipy("page", token=token)
    unknown = spotipy("page", token="fake-access-token")

    assert contradictory["status"] == too_long["status"] == 400
    assert (expired["status"], expired["message"]) == (401, "The access token expired")
    assert (unknown["status"], unknown["message"]) == (401, "Invalid access token")


def test_limits_and_outages_read_as_documented(spotipy: Client, world: World, account: str) -> None:
    token = spotipy("connect", app=APP, account=account)["token"]["access_token"]
    trouble = world.trouble["spotify"]
    trouble.fault = Fault(Mode.TOO_MANY, retry_after=7)
    limited = spotipy("page", token=token, retries=1)
    trouble.fault = Fault(Mode.SERVER_ERROR)
    failed = spotipy("page", token=token)
    trouble.fault = None
    world.habits = Habits.parse("15=1").seeded(7)
    unregistered = spotipy("page", token=token)

    assert (limited["reason"], limited["waited"]) == ("too many 429 error responses", 7)
    assert failed["reason"] == "too many 500 error responses"
    assert unregistered["status"] == 403
    assert unregistered["message"] == "User not registered in the Developer Dashboard"
