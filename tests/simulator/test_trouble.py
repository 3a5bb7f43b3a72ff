"""Limits and faults at our wish."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.providers import trouble
from simulator.world import World
from tests.simulator.conftest import START, Wall
from tests.simulator.developers import HISTORY, PORTABILITY, Developer, Team, bearer


@pytest.fixture
def developer(browser: TestClient) -> Developer:
    return Developer(browser, "spotify").register()


def history(developer: Developer, account: str) -> Any:
    token = developer.connect(account)["access_token"]
    return developer.browser.get(HISTORY, headers=bearer(token))


def wish(browser: TestClient, provider: str, **fault: object) -> None:
    assert browser.put(f"/world/faults/{provider}", json=fault).status_code == 200


def test_garbage_is_a_200_that_is_no_json(developer: Developer, world: World) -> None:
    wish(developer.browser, "spotify", mode="garbage")
    answer = history(developer, world.accounts("spotify")[0])
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


def test_a_fault_strikes_the_named_accounts_and_ends_with_null(
    developer: Developer, world: World
) -> None:
    struck, spared = world.accounts("spotify")[:2]
    wish(developer.browser, "spotify", mode="500", accounts=[struck])
    assert history(developer, struck).status_code == 500
    assert history(developer, spared).status_code == 200
    wish(developer.browser, "spotify", mode=None)
    assert history(developer, struck).status_code == 200


def test_every_provider_says_429_in_its_own_words(browser: TestClient, world: World) -> None:
    for provider in ("spotify", "apple_music", "youtube"):
        wish(browser, provider, mode="429", retry_after=17)
    spotify = history(Developer(browser, "spotify").register(), world.accounts("spotify")[0])
    team = Team.registered(browser)
    developer_token = team.token(START)
    user_token = team.authorize(developer_token, world.accounts("apple_music")[0]).json()
    apple = team.tracks(developer_token, user_token["music_user_token"])
    google = Developer(browser, "youtube").register()
    token = google.connect(world.accounts("youtube")[0])["access_token"]
    youtube = browser.post(f"{PORTABILITY}/portabilityArchive:initiate", headers=bearer(token))
    for answer in (spotify, apple, youtube):
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "17")
    assert spotify.json()["error"]["message"] == "API rate limit exceeded"
    assert apple.json()["errors"][0]["status"] == "429"
    assert youtube.json()["error"]["status"] == "RESOURCE_EXHAUSTED"


def test_a_timeout_answers_long_after_anybody_waits(
    developer: Developer, world: World, slept: list[float]
) -> None:
    wish(developer.browser, "spotify", mode="timeout")
    assert history(developer, world.accounts("spotify")[0]).status_code == 504
    assert slept == [trouble.SLOW_SECONDS]


def test_the_limit_counts_requests_per_app_in_30_rolling_seconds_of_the_wall(
    developer: Developer, world: World, wall: Wall
) -> None:
    account = world.accounts("spotify")[0]
    developer.browser.put("/world/limits/spotify", json={"requests": 2})
    assert history(developer, account).status_code == 200
    wall.now += 10
    assert history(developer, account).status_code == 200
    refused = history(developer, account)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "20")
    wall.now += 20
    assert history(developer, account).status_code == 200
    assert history(developer, account).status_code == 429
    developer.browser.put("/world/limits/spotify", json={"requests": None})
    assert history(developer, account).status_code == 200


def test_an_unknown_mode_or_provider_is_refused(browser: TestClient) -> None:
    assert browser.put("/world/faults/spotify", json={"mode": "fire"}).status_code == 400
    assert browser.put("/world/faults/napster", json={"mode": None}).status_code == 404
