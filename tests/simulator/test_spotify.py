"""Spotify's recently-played history over HTTP."""

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.listeners.plays import Play
from simulator.world import World
from tests.simulator.conftest import START, URL
from tests.simulator.developers import HISTORY, Developer, bearer
from tests.simulator.history import newest_fifty


@pytest.fixture
def account(world: World) -> str:
    """Of somebody who has played more than fifty songs."""
    return next(
        account
        for account in world.accounts("spotify")
        if len(newest_fifty(world.plays_of("spotify", account), START)) == 50
    )


@pytest.fixture
def ring(world: World, account: str) -> list[Play]:
    return newest_fifty(world.plays_of("spotify", account), START)


@pytest.fixture
def token(browser: TestClient, account: str) -> str:
    return str(Developer(browser, "spotify").register().connect(account)["access_token"])


def history(browser: TestClient, token: str, query: str = "") -> Any:
    return browser.get(HISTORY + query, headers=bearer(token))


def ends(page: dict[str, Any]) -> list[int]:
    times = [datetime.fromisoformat(item["played_at"]) for item in page["items"]]
    return [round(time.timestamp() * 1000) for time in times]


def test_the_history_holds_the_newest_fifty_by_the_end_of_play(
    browser: TestClient, token: str, ring: list[Play]
) -> None:
    page = history(browser, token, "?limit=50").json()
    assert ends(page) == [play.ended_ms for play in ring]
    assert page["next"] is None
    assert page["cursors"] == {"after": str(ring[0].ended_ms), "before": str(ring[-1].ended_ms)}
    assert page["href"] == f"{URL}{HISTORY}?limit=50"


def test_pages_of_twenty_cover_the_whole_history(
    browser: TestClient, token: str, ring: list[Play]
) -> None:
    seen: list[int] = []
    address: str | None = HISTORY
    while address:
        page = browser.get(address, headers=bearer(token)).json()
        assert len(page["items"]) <= page["limit"] == 20
        seen += ends(page)
        address = page["next"]
    assert seen == [play.ended_ms for play in ring]


def test_before_and_after_exclude_the_play_they_name(
    browser: TestClient, token: str, ring: list[Play]
) -> None:
    times = [play.ended_ms for play in ring]
    before = history(browser, token, f"?limit=50&before={times[10]}").json()
    after = history(browser, token, f"?limit=50&after={times[10]}").json()
    assert ends(before) == times[11:]
    assert ends(after) == times[:10]


def test_there_is_nothing_before_the_fiftieth_play(
    browser: TestClient, token: str, ring: list[Play]
) -> None:
    page = history(browser, token, f"?limit=50&before={ring[-1].ended_ms}").json()
    assert (page["items"], page["next"], page["cursors"]) == ([], None, None)


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=51", "?limit=x", "?after=1&before=2", "?before=yesterday"]
)
def test_a_wrong_query_is_refused(browser: TestClient, token: str, query: str) -> None:
    answer = history(browser, token, query)
    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == 400


def test_a_track_is_the_song_with_spotifys_id(
    browser: TestClient, token: str, ring: list[Play], world: World
) -> None:
    for item, play in zip(history(browser, token).json()["items"], ring, strict=False):
        song, track = world.songs[play.song], item["track"]
        assert track["id"] in song.spotify_ids
        assert track["external_ids"] == {"isrc": song.isrc}
        assert track["duration_ms"] == song.duration_ms
        assert [artist["name"] for artist in track["artists"]] == [*song.singers, *song.guests]


def test_a_play_appears_once_it_has_ended(
    browser: TestClient, token: str, clock: Clock, world: World, account: str
) -> None:
    plays = world.plays_of("spotify", account)
    coming = next(
        play
        for play in plays
        if play.provider == "spotify"
        and play.started_at > START
        and play.counts
        and play.known_at * 1000 == play.ended_ms
    )
    developer = Developer(browser, "spotify")
    for moment, shown in ((coming.known_at - 1, False), (coming.known_at, True)):
        clock.set(moment, running=False)
        token = developer.connect(account)["access_token"]
        assert (coming.ended_ms in ends(history(browser, token).json())) == shown


@pytest.mark.parametrize("header", [{}, bearer("fake-token"), {"Authorization": "Basic eDp5"}])
def test_the_history_requires_a_valid_token(browser: TestClient, header: dict[str, str]) -> None:
    answer = browser.get(HISTORY, headers=header)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, 401)


def test_the_cover_of_a_track_is_a_picture(browser: TestClient, token: str) -> None:
    track = history(browser, token).json()["items"][0]["track"]
    cover = browser.get(track["album"]["images"][0]["url"])
    assert cover.headers["content-type"] == "image/svg+xml"
    assert browser.get("/covers/99999/640.svg").status_code == 404
