"""The answers have the shape of the sample bodies that the adapters are written against."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.listeners.listening import DAY
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import HISTORY, PORTABILITY, Developer, Team, bearer, unpacked
from tests.simulator.history import newest_fifty

SAMPLES = Path(__file__).parents[2] / "events" / "providers"
Shape = Any


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def shape(value: Any) -> Shape:
    """Keys and JSON types, recursively; of a list, the shapes that its entries have."""
    if isinstance(value, dict):
        return frozenset((key, shape(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return ("list", frozenset(shape(inner) for inner in value))
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value)
    )


def entries(value: list[Any]) -> frozenset[Shape]:
    return frozenset(shape(inner) for inner in value)


@pytest.fixture
def spotify(browser: TestClient) -> Developer:
    return Developer(browser, "spotify").register()


@pytest.fixture
def youtube(browser: TestClient) -> Developer:
    return Developer(browser, "youtube").register()


@pytest.mark.parametrize("provider", ["spotify", "youtube"])
def test_tokens(browser: TestClient, world: World, provider: str) -> None:
    developer, account = Developer(browser, provider).register(), world.accounts(provider)[0]
    first = developer.redeem(developer.code(account))
    token = first.json()["refresh_token"]
    renewed = developer.refresh(token)
    foreign = developer.redeem("fake-code", client_secret="fake-guess")
    browser.delete(f"/world/grants/{provider}/{account}")
    revoked = developer.refresh(token)
    expected = {
        "token": first,
        "token_refreshed": renewed,
        "token_invalid_client": foreign,
        {"spotify": "token_revoked", "youtube": "token_expired_grant"}[provider]: revoked,
    }
    for name, answer in expected.items():
        assert shape(answer.json()) == shape(sample(f"{provider}/{name}.json")), name


def test_spotifys_token_errors_match_the_sample_bodies(spotify: Developer, world: World) -> None:
    account = world.accounts("spotify")[0]
    token = spotify.connect(account)["refresh_token"]
    spotify.browser.delete(f"/world/grants/spotify/{account}")
    assert spotify.redeem("fake-code").json() == sample("spotify/token_invalid_code.json")
    assert spotify.refresh(token).json() == sample("spotify/token_revoked.json")
    foreign = spotify.redeem("fake-code", client_secret="fake-guess")
    assert foreign.json() == sample("spotify/token_invalid_client.json")


def test_spotify_history(spotify: Developer, world: World, clock: Clock) -> None:
    account = max(
        world.accounts("spotify"),
        key=lambda one: len(newest_fifty(world.plays_of("spotify", one), START)),
    )
    token = spotify.connect(account)["access_token"]

    def page(query: str) -> Any:
        return spotify.browser.get(HISTORY + query, headers=bearer(token)).json()

    full, expected = page("?limit=20"), sample("spotify/recently_played.json")
    assert shape(full | {"items": []}) == shape(expected | {"items": []})
    assert entries(full["items"]) <= entries(expected["items"])
    empty = page("?limit=50&before=1")
    assert shape(empty) == shape(sample("spotify/recently_played_empty.json"))
    clock.set(START + 3600, running=False)
    assert shape(page("")) == shape(sample("spotify/unauthorized.json"))


def test_apple_list(browser: TestClient, world: World) -> None:
    team = Team.registered(browser)
    token = team.token(START)
    expected = sample("apple_music/recent_tracks.json")
    seen = False
    for account in world.accounts("apple_music"):
        user_token = team.authorize(token, account).json()["music_user_token"]
        page = team.tracks(token, user_token, "?limit=10").json()
        if "next" in page:
            seen = True
            assert shape(page | {"data": []}) == shape(expected | {"data": []})
            assert entries(page["data"]) <= entries(expected["data"])
        past_the_end = team.tracks(token, user_token, "?offset=60").json()
        assert shape(past_the_end) == shape(sample("apple_music/recent_tracks_empty.json"))
    assert seen


def test_apple_errors(browser: TestClient, world: World) -> None:
    team = Team.registered(browser)
    token = team.token(START)
    user_token = team.authorize(token, world.accounts("apple_music")[0]).json()["music_user_token"]
    browser.put("/world/faults/apple_music", json={"mode": "429"})
    expected = {
        "unauthorized": team.tracks("fake-token", user_token),
        "forbidden": team.tracks(token, "fake-user-token"),
        "rate_limited": team.tracks(token, user_token),
    }
    for name, answer in expected.items():
        assert shape(answer.json()) == shape(sample(f"apple_music/{name}.json")), name


def test_google_exports(youtube: Developer, world: World) -> None:
    browser = youtube.browser
    for account in world.accounts("youtube"):
        header = bearer(youtube.connect(account)["access_token"])
        initiate = f"{PORTABILITY}/portabilityArchive:initiate"
        body = sample("youtube/initiate_request.json")
        body["startTime"] = "2026-09-01T00:00:00Z"
        begun = browser.post(initiate, json=body, headers=header).json()
        assert shape(begun) == shape(sample("youtube/initiated.json"))
        again = browser.post(initiate, json=body, headers=header).json()
        assert shape(again) == shape(sample("youtube/export_under_way.json"))
        state = f"{PORTABILITY}/archiveJobs/{begun['archiveJobId']}/portabilityArchiveState"
        pending, complete = (browser.get(state, headers=header).json() for _ in range(2))
        assert shape(pending) == shape(sample("youtube/state_in_progress.json"))
        assert shape(complete) == shape(sample("youtube/state_complete.json"))
        records = unpacked(browser.get(complete["urls"][0]).content)
        assert entries(records) <= entries(sample("youtube/archive.json"))


def test_google_errors(youtube: Developer, world: World, clock: Clock) -> None:
    browser = youtube.browser
    token = youtube.connect(world.accounts("youtube")[0])["access_token"]
    state = f"{PORTABILITY}/archiveJobs/none/portabilityArchiveState"
    browser.put("/world/faults/youtube", json={"mode": "429"})
    limited = browser.get(state, headers=bearer(token)).json()
    assert shape(limited) == shape(sample("youtube/rate_limited.json"))
    clock.set(START + DAY, running=False)
    expired = browser.get(state, headers=bearer(token)).json()
    assert shape(expired) == shape(sample("youtube/unauthorized.json"))
    revoked = browser.post("/youtube/oauth2/revoke", data={"token": "fake-token"}).json()
    assert shape(revoked) == shape(sample("youtube/revoke_invalid_token.json"))
