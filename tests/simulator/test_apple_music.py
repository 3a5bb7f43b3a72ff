"""Apple Music: developer tokens, the browser's consent, and the list without times."""

from typing import Any

import pytest
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.listeners.visible import recent_songs
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import TRACKS, Team, bearer
from tests.simulator.test_shapes import sample, shape

Tracks = list[dict[str, Any]]


@pytest.fixture
def team(browser: TestClient) -> Team:
    return Team.registered(browser)


@pytest.fixture
def developer_token(team: Team) -> str:
    return team.token(START)


@pytest.fixture
def account(world: World) -> str:
    """Of somebody whose list is longer than a page."""
    return next(
        account
        for account in world.accounts("apple_music")
        if len(recent_songs(world.plays_of("apple_music", account), START)) > 40
    )


@pytest.fixture
def user_token(team: Team, developer_token: str, account: str) -> str:
    return str(team.authorize(developer_token, account).json()["music_user_token"])


def test_the_list_is_newest_first_and_pages_by_offset(
    team: Team, developer_token: str, user_token: str, world: World, account: str
) -> None:
    seen: list[str] = []
    query = "?limit=30&types=songs,library-songs"
    while query:
        page = team.tracks(developer_token, user_token, query).json()
        seen += [track["id"] for track in page["data"]]
        query = page["next"].removeprefix("/v1/me/recent/played/tracks") if "next" in page else ""
        assert "limit" not in query
        assert not query or query.endswith("&types=songs,library-songs")
    expected = recent_songs(world.plays_of("apple_music", account), START)
    assert seen == [world.songs[song].apple_id for song in expected]
    assert len(set(seen)) == len(seen) <= 60


def test_a_link_to_the_next_page_has_the_requested_types(
    team: Team, developer_token: str, user_token: str
) -> None:
    links = [
        team.tracks(developer_token, user_token, f"?limit=5{types}").json()["next"]
        for types in ("", "&types=songs")
    ]
    path = "/v1/me/recent/played/tracks"
    assert links == [f"{path}?offset=5", f"{path}?offset=5&types=songs"]


def test_a_page_has_only_entries_of_the_requested_types(
    team: Team, developer_token: str, user_token: str
) -> None:
    library = team.tracks(developer_token, user_token, "?types=library-songs").json()
    assert library == {"data": []}


@pytest.mark.parametrize(
    ("query", "parameter"), [("?limit=31", "limit"), ("?limit=0", "limit"), ("?offset=x", "offset")]
)
def test_a_bad_parameter_is_named(
    team: Team, developer_token: str, user_token: str, query: str, parameter: str
) -> None:
    answer = team.tracks(developer_token, user_token, query)
    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert shape(answer.json()) == shape(sample("apple_music/invalid_limit.json"))
    assert (error["code"], error["source"]) == ("40005", {"parameter": parameter})


def test_a_page_has_ten_tracks_by_default_and_no_times(
    team: Team, developer_token: str, user_token: str
) -> None:
    answer = team.tracks(developer_token, user_token)
    assert len(answer.json()["data"]) == 10
    assert str(START)[:4] not in "".join(answer.json()["data"][0]["attributes"].keys())
    assert not {"playedAt", "lastPlayedDate"} & answer.json()["data"][0]["attributes"].keys()


def test_a_replay_moves_its_track_to_the_top(
    browser: TestClient,
    team: Team,
    developer_token: str,
    user_token: str,
    world: World,
    account: str,
    clock: Clock,
) -> None:
    def top(now: int) -> list[str]:
        clock.set(now, running=False)
        found = team.tracks(developer_token, user_token, "?limit=30").json()["data"]
        return [track["id"] for track in found]

    before = top(START)
    song = next(song for song in world.songs if song.apple_id == before[4])
    listener = next(one for one in world.listeners if account in one.accounts.values())
    browser.post(
        f"/world/listeners/{listener.tenant}/{listener.user}/plays",
        json={"provider": "apple_music", "plays": [{"song": song.index, "started_at": START - 1}]},
    )
    after = top(START + song.duration_ms // 1000)
    assert after[0] == before[4]
    assert after[1:5] == before[:4]
    assert after[5:] == before[5:]


@pytest.mark.parametrize("query", ["?limit=0", "?limit=31", "?limit=x", "?offset=-1"])
def test_a_wrong_query_is_refused(
    team: Team, developer_token: str, user_token: str, query: str
) -> None:
    assert team.tracks(developer_token, user_token, query).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"key": ECKey.generate_key("P-256")},
        {"iss": "FAKETEAM02"},
        {"exp": START},
        {"exp": START + 15_777_001},
        {"exp": None},
    ],
)
def test_a_developer_token_must_be_signed_by_the_team_and_within_its_time(
    team: Team, user_token: str, changes: dict[str, Any]
) -> None:
    answer = team.tracks(team.token(START, **changes), user_token)
    assert (answer.status_code, answer.json()["errors"][0]["status"]) == (401, "401")


@pytest.mark.parametrize("token", ["", "fake", "a.b.c"])
def test_an_invalid_developer_token_is_refused(team: Team, user_token: str, token: str) -> None:
    assert team.tracks(token, user_token).status_code == 401


def test_a_developer_token_expires_by_the_worlds_clock(
    team: Team, developer_token: str, user_token: str, clock: Clock
) -> None:
    clock.set(START + 3600, running=False)
    assert team.tracks(developer_token, user_token).status_code == 401


def test_a_user_token_must_be_alive(
    browser: TestClient, team: Team, developer_token: str, user_token: str, account: str
) -> None:
    assert team.tracks(developer_token, "fake-user-token").status_code == 403
    assert browser.get(TRACKS, headers=bearer(developer_token)).status_code == 403
    browser.delete(f"/world/grants/apple_music/{account}")
    assert team.tracks(developer_token, user_token).status_code == 403


def test_the_dialog_lists_the_accounts_and_can_be_declined(
    browser: TestClient, team: Team, developer_token: str, world: World, account: str
) -> None:
    accounts = browser.get("/apple_music/musickit/accounts").json()
    assert accounts == world.accounts("apple_music")
    assert team.authorize(developer_token, account, "deny").status_code == 403
    assert team.authorize(developer_token, "nobody").status_code == 403
    assert team.authorize("fake-developer-token", account).status_code == 401
    assert browser.post("/apple_music/musickit/authorize", content=b"{").status_code == 400


def test_the_script_runs_on_pages_of_other_origins(browser: TestClient) -> None:
    script = browser.get("/apple_music/musickit/musickit/v3/musickit.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "window.MusicKit" in script.text
    preflight = browser.options(
        "/apple_music/musickit/authorize",
        headers={
            "Origin": "http://service.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
