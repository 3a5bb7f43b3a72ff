"""Each of Spotify's habits over HTTP, and its absence."""

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.habits import Habits
from simulator.listeners.catalogue import other_track_id
from simulator.listeners.listening import DAY
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import HISTORY, Developer, bearer, sent_back
from tests.simulator.history import newest_fifty

FULL = "?limit=50"


@pytest.fixture
def habits(request: pytest.FixtureRequest) -> Habits:
    """Those that a test is marked with by its parameter."""
    return Habits.parse(f"usual,{request.param}")


def only(text: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("habits", [text], indirect=True)


@pytest.fixture
def account(world: World) -> str:
    accounts = world.accounts("spotify")
    return max(accounts, key=lambda one: len(newest_fifty(world.plays_of("spotify", one), START)))


@pytest.fixture
def developer(browser: TestClient) -> Developer:
    return Developer(browser, "spotify").register()


@pytest.fixture
def token(developer: Developer, account: str) -> str:
    return str(developer.connect(account)["access_token"])


@pytest.fixture
def items(browser: TestClient, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page(browser, token)["items"]
    return found


def page(browser: TestClient, token: str, query: str = FULL) -> Any:
    return browser.get(HISTORY + query, headers=bearer(token)).json()


def stamp(item: dict[str, Any]) -> float:
    return datetime.fromisoformat(item["played_at"]).timestamp()


@pytest.mark.parametrize(("habits", "items"), [("1=1", 50), ("1=0", 60)], indirect=["habits"])
def test_1_the_ring(browser: TestClient, token: str, items: int) -> None:
    first = page(browser, token)
    older = page(browser, token, f"{FULL}&before={first['cursors']['before']}")
    assert min(60, len(first["items"]) + len(older["items"])) == items


@pytest.mark.parametrize(
    ("habits", "cursors"),
    [("2=1", None), ("2=0", {"after": "0", "before": "0"})],
    indirect=["habits"],
)
def test_2_cursors_of_an_exhausted_page(browser: TestClient, token: str, cursors: object) -> None:
    assert page(browser, token, "?before=1")["cursors"] == cursors


@only("3=1")
def test_3_a_truncated_cursor_repeats_the_last_play(browser: TestClient, token: str) -> None:
    last = page(browser, token, "?limit=3")
    again = page(browser, token, f"?limit=3&after={last['cursors']['after']}")
    fraction = last["items"][0]["played_at"][-4:-1]
    assert last["cursors"]["after"].endswith("000")
    assert len(again["items"]) == (fraction != "000")


@only("4=1")
def test_4_a_full_page_leads_to_an_empty_one(browser: TestClient, token: str) -> None:
    full = page(browser, token)
    last = browser.get(full["next"], headers=bearer(token)).json()
    assert (last["items"], last["next"], last["cursors"]) == ([], None, None)


@only("5=1")
def test_5_some_timestamps_are_starts(world: World, account: str, items: list[Any]) -> None:
    plays = world.plays_of("spotify", account)
    stamps = {round(stamp(item) * 1000) for item in items}
    starts = stamps & {play.started_at * 1000 for play in plays}
    assert 10 < len(starts) < len(items)
    assert stamps - starts <= {play.ended_ms for play in plays}


@only("6=0.5")
def test_6_some_plays_are_reported_again_within_seconds(items: list[Any]) -> None:
    seen: dict[str, list[float]] = {}
    for item in items:
        seen.setdefault(item["track"]["id"], []).append(stamp(item))
    apart = [
        round(a - b) for stamps in seen.values() for a in stamps for b in stamps if 0 < a - b < 30
    ]
    assert len(apart) > 5
    assert all(2 <= seconds <= 20 for seconds in apart)


@only("7=1")
def test_7_late_plays_arrive_in_their_own_place(
    browser: TestClient, developer: Developer, account: str, clock: Clock, token: str
) -> None:
    before = page(browser, token)["items"]
    clock.set(START + 3600 * 3, running=False)
    later = page(browser, developer.connect(account)["access_token"])["items"]
    stamps = [item["played_at"] for item in later]
    new = [item["played_at"] for item in later if item not in before]
    assert stamps == sorted(stamps, reverse=True)
    assert any(stamp < before[0]["played_at"] for stamp in new)


@pytest.mark.parametrize(("habits", "shown"), [("8=1", 0), ("8=0", 50)], indirect=["habits"])
def test_8_omissions(items: list[Any], shown: int) -> None:
    assert len(items) == shown


@only("9=1")
def test_9_null_tracks_and_local_files(items: list[Any]) -> None:
    tracks = [item["track"] for item in items]
    local = [track for track in tracks if track and track["is_local"]]
    assert None in tracks
    assert local
    for track in local:
        assert (track["id"], track["external_ids"]) == (None, {})
        assert track["uri"].startswith("spotify:local:")
        assert track["name"]
        assert track["artists"][0]["name"]


@only("10=1")
def test_10_one_isrc_under_several_ids(world: World, items: list[Any]) -> None:
    by_isrc = {song.isrc: song for song in world.songs}
    for item in items:
        song, track = by_isrc[item["track"]["external_ids"]["isrc"]], item["track"]
        assert track["id"] in {other_track_id(song), *song.spotify_ids[1:]}


@only("11=1")
def test_11_no_isrc(items: list[Any]) -> None:
    assert {len(item["track"]["external_ids"]) for item in items} == {0}


@only("12=1")
def test_12_a_refresh_token_works_once(developer: Developer, account: str) -> None:
    first = developer.connect(account)["refresh_token"]
    won, late = developer.refresh(first), developer.refresh(first)
    assert won.json()["refresh_token"] != first
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")
    assert developer.refresh(won.json()["refresh_token"]).status_code == 200


@only("12=0")
def test_without_12_a_refresh_token_can_be_reused(developer: Developer, account: str) -> None:
    first = developer.connect(account)["refresh_token"]
    assert "refresh_token" not in developer.refresh(first).json()
    assert developer.refresh(first).status_code == 200


@only("13=1,12=1")
def test_13_refreshing_does_not_extend_the_six_months(
    developer: Developer, account: str, clock: Clock
) -> None:
    token = developer.connect(account)["refresh_token"]
    clock.set(START + 182 * DAY - 1, running=False)
    token = developer.refresh(token).json()["refresh_token"]
    clock.set(START + 182 * DAY, running=False)
    dead = developer.refresh(token)
    assert (dead.status_code, dead.json()["error_description"]) == (400, "Refresh token revoked")


@only("15=1")
def test_15_an_unregistered_user_is_refused_in_plain_text(browser: TestClient, token: str) -> None:
    answer = browser.get(HISTORY, headers=bearer(token))
    assert answer.status_code == 403
    assert answer.text == "User not registered in the Developer Dashboard"
    assert answer.headers["content-type"].startswith("text/plain")


@only("16=1")
def test_16_consent_is_denied_the_first_time(developer: Developer, account: str) -> None:
    assert sent_back(developer.decide(account))["error"] == "access_denied"
    assert "code" in sent_back(developer.decide(account))


@only("future=1")
def test_future_dates_last_six_hours(
    browser: TestClient, developer: Developer, account: str, clock: Clock, token: str
) -> None:
    def mistaken(items: list[Any]) -> int:
        return sum(item["played_at"] > "2099" for item in items)

    found = mistaken(page(browser, token)["items"])
    for hour in range(1, 30):
        clock.set(START + 3600 * hour, running=False)
        access = developer.connect(account)["access_token"]
        found = max(found, mistaken(page(browser, access)["items"]))
    assert 0 < found < 30
