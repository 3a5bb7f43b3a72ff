"""liblistenbrainz against the simulated ListenBrainz."""

import pytest

from simulator.listeners.plays import Play
from simulator.listeners.spelling import joined, scrobbled_title, spotify_artists
from simulator.providers.scrobblers.listenbrainz import user_token
from simulator.providers.scrobblers.scrobbles import listening
from simulator.world import World
from tests.clients.client import Client, python_flow
from tests.clients.conftest import Flow


@pytest.fixture
def listenbrainz(flow: Flow) -> Client:
    return flow(python_flow("liblistenbrainz_flow"))


@pytest.fixture
def account(world: World) -> str:
    return max(world.accounts("listenbrainz"), key=lambda one: len(listens(world, one)))


def listens(world: World, account: str) -> list[Play]:
    return listening(world, "listenbrainz", account)


def test_a_users_token_is_validated(listenbrainz: Client, account: str) -> None:
    assert listenbrainz("validate", token=user_token(account)) is True
    assert listenbrainz("validate", token="fake-token") is False


@pytest.mark.parametrize("token", ["", "fake-token"])
def test_listens_are_public_whatever_token_is_sent(
    listenbrainz: Client, world: World, account: str, token: str
) -> None:
    played = listens(world, account)
    read = listenbrainz("history", user=account, count=40, token=token)

    assert len(played) > 40
    assert [(one["at"], one["title"], one["artist"], one["isrc"]) for one in read] == [
        (
            play.started_at,
            scrobbled_title(world.songs[play.song]),
            joined(spotify_artists(world.songs[play.song])),
            world.songs[play.song].isrc,
        )
        for play in played
    ]


def test_the_oldest_listens_come_with_min_ts_and_25_by_default(
    listenbrainz: Client, world: World, account: str
) -> None:
    played = [play.started_at for play in listens(world, account)]
    after = listenbrainz("page", user=account, min_ts=played[-1], count=5)
    latest = listenbrainz("page", user=account)

    assert [one["at"] for one in after] == played[-6:-1]
    assert [one["at"] for one in latest] == played[:25]


def test_counts_and_the_current_song_are_read(
    listenbrainz: Client, world: World, account: str
) -> None:
    assert listenbrainz("count", user=account) == len(listens(world, account))
    assert listenbrainz("now_playing", user=account) is None


def test_refusals_have_the_servers_messages(listenbrainz: Client, account: str) -> None:
    unknown = listenbrainz("page", user="nobody")
    contradictory = listenbrainz("page", user=account, min_ts=2, max_ts=1)

    assert unknown == {"error": 404, "message": "Cannot find user: nobody"}
    assert listenbrainz("count", user="nobody") == unknown
    assert contradictory["error"] == 400
