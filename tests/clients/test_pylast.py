"""pylast against the simulated Last.fm."""

import pytest

from simulator.listeners.plays import Play
from simulator.listeners.spelling import scrobbled_title
from simulator.providers.apps import ApiAccount
from simulator.providers.scrobblers.scrobbles import listening
from simulator.world import World
from tests.clients.client import Client, python_flow
from tests.clients.conftest import Flow

APP = {"api_key": "fake-key-1", "api_secret": "fake-shared-secret-1"}


@pytest.fixture
def pylast(flow: Flow, world: World) -> Client:
    world.apps["lastfm"].register(ApiAccount(APP["api_key"], APP["api_secret"], ()).app)
    return flow(python_flow("pylast_flow"))


@pytest.fixture
def account(world: World) -> str:
    return max(world.accounts("lastfm"), key=lambda one: len(scrobbles(world, one)))


def scrobbles(world: World, account: str) -> list[Play]:
    return listening(world, "lastfm", account)


def test_an_account_is_connected_by_web_authentication(
    pylast: Client, world: World, account: str
) -> None:
    session = pylast("connect", app=APP, account=account)
    known = pylast("account", app=APP, session_key=session["session_key"])

    assert session["name"] == known["name"] == account
    assert known["playcount"] == len(scrobbles(world, account))
    assert known["registered"] < scrobbles(world, account)[-1].started_at


@pytest.mark.parametrize("limit", [None, 60])
def test_scrobbles_are_read_page_by_page(
    pylast: Client, world: World, account: str, limit: int | None
) -> None:
    played = scrobbles(world, account)
    read = pylast("history", app=APP, user=account, limit=limit)

    assert len(played) > 60
    assert read == [
        {
            "artist": world.songs[play.song].singers[0],
            "title": scrobbled_title(world.songs[play.song]),
            "album": world.songs[play.song].album,
            "at": play.started_at,
        }
        for play in played[:limit]
    ]


def test_a_time_range_and_a_session_limit_the_scrobbles(
    pylast: Client, world: World, account: str
) -> None:
    key = pylast("connect", app=APP, account=account)["session_key"]
    played = scrobbles(world, account)
    first, last = played[20].started_at, played[5].started_at
    read = pylast(
        "history",
        app=APP,
        user=account,
        session_key=key,
        limit=None,
        time_from=first,
        time_to=last,
    )

    assert [play["at"] for play in read] == [play.started_at for play in played[5:21]]


def test_an_account_without_scrobbles_has_an_empty_history(
    pylast: Client, world: World, account: str
) -> None:
    before = scrobbles(world, account)[-1].started_at
    assert pylast("history", app=APP, user=account, limit=10, time_to=before - 1) == []
    assert pylast("now_playing", app=APP, user=account) is None


def test_refusals_have_the_documented_codes_and_messages(
    pylast: Client, world: World, account: str
) -> None:
    guess = APP | {"api_secret": "fake-guess"}
    key = pylast("connect", app=APP, account=account)["session_key"]
    world.grants["lastfm"].revoke(lambda consent: consent.account == account)
    refused = {
        "unknown user": pylast("history", app=APP, user="nobody", limit=1),
        "unknown key": pylast("history", app=APP | {"api_key": "fake"}, user=account, limit=1),
        "forged": pylast("connect", app=guess, account=account),
        "denied": pylast("connect", app=APP, account=account, decision="deny"),
        "unknown token": pylast("redeem", app=APP, token="fake-token"),
        "revoked": pylast("history", app=APP, user=account, session_key=key, limit=1),
        "no user": pylast("history", app=APP, user="", limit=1),
    }

    assert {
        what: (one["error"], one["message"].split(" - ")[0]) for what, one in refused.items()
    } == {
        "unknown user": ("6", "User not found"),
        "unknown key": ("10", "Invalid API key"),
        "forged": ("13", "Invalid method signature supplied"),
        "denied": ("14", "Unauthorized Token"),
        "unknown token": ("4", "Unauthorized Token"),
        "revoked": ("9", "Invalid session key"),
        "no user": ("6", "Invalid parameters"),
    }
