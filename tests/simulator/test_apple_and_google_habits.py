"""Each of Apple's and Google's habits over HTTP."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.habits import Habits
from simulator.listeners.listening import DAY
from simulator.listeners.visible import list_as_of, recent_songs
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import PORTABILITY, Developer, Team, bearer, unpacked


@pytest.fixture
def habits(request: pytest.FixtureRequest) -> Habits:
    return Habits.parse(f"usual,{request.param}")


def only(text: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("habits", [text], indirect=True)


@pytest.fixture
def team(browser: TestClient) -> Team:
    return Team.registered(browser)


@pytest.fixture
def listener(world: World) -> str:
    """An account at Apple Music whose list is full."""
    accounts = world.accounts("apple_music")
    return max(
        accounts, key=lambda one: len(recent_songs(world.plays_of("apple_music", one), START))
    )


def listed(team: Team, account: str, now: int, query: str = "?limit=30") -> Any:
    token = team.token(now)
    user_token = team.authorize(token, account).json()["music_user_token"]
    return team.tracks(token, user_token, query).json()


@only("17=1")
def test_17_replays_bump_unless_they_do_not(world: World) -> None:
    for account in world.accounts("apple_music"):
        plays = world.plays_of("apple_music", account)
        heard = [play.song for play in plays if play.provider == "apple_music"]
        by_last = list(dict.fromkeys(reversed(heard)))[:60]
        by_first = list(reversed(dict.fromkeys(heard)))[:60]
        end = START + 100 * DAY
        assert recent_songs(plays, end) == by_last
        assert recent_songs(plays, end, Habits.none()) == by_first
        assert by_first != by_last


@only("18=1")
def test_18_a_stale_list_is_older_than_one_shown_before(
    team: Team, world: World, listener: str, clock: Clock
) -> None:
    plays = world.plays_of("apple_music", listener)
    by_id = {song.apple_id: song.index for song in world.songs}
    older = 0
    for hour in range(48):
        now = START + 3600 * hour
        clock.set(now, running=False)
        as_of = list_as_of(plays, now, world.habits, listener)
        older += as_of < now
        assert now - 12 * 3600 <= as_of <= now
        shown = [by_id[track["id"]] for track in listed(team, listener, now)["data"]]
        assert shown == recent_songs(plays, as_of)[:30]
    assert older > 5


@only("19=1")
def test_19_short_pages_lead_to_what_they_lack_and_some_entries_have_no_attributes(
    team: Team, listener: str
) -> None:
    first = listed(team, listener, START)
    assert len(first["data"]) == 28
    assert first["next"].endswith("?offset=28")
    later = [listed(team, listener, START, f"?limit=30&offset={at}") for at in (28, 56)]
    found = [track for page in (first, *later) for track in page["data"]]
    assert len({track["id"] for track in found}) == len(found) == 60
    bare = [track for track in found if "attributes" not in track]
    assert len(bare) >= 20
    assert {track["type"] for track in bare} == {"library-songs"}


@only("20=1")
def test_20_a_user_token_ends_without_notice_and_the_developer_token_stays_valid(
    team: Team, listener: str, clock: Clock
) -> None:
    user_token = team.authorize(team.token(START), listener).json()["music_user_token"]
    statuses = []
    for day in range(22):
        now = START + day * DAY
        clock.set(now, running=False)
        statuses.append(team.tracks(team.token(now), user_token).status_code)
    assert statuses[:5] == [200] * 5
    assert statuses[-1] == 403
    assert statuses == sorted(statuses)
    assert team.tracks("fake-token", user_token).status_code == 401


@pytest.fixture
def developer(browser: TestClient) -> Developer:
    return Developer(browser, "youtube").register()


@only("21=1")
def test_21_a_grant_in_testing_dies_after_seven_days_and_says_so(
    developer: Developer, world: World, clock: Clock
) -> None:
    account = world.accounts("youtube")[0]
    first = developer.connect(account)
    assert first["refresh_token_expires_in"] == 7 * DAY - 1
    assert "refresh_token" not in developer.connect(account)
    clock.set(START + 7 * DAY - 1, running=False)
    assert developer.refresh(first["refresh_token"]).status_code == 200
    clock.set(START + 7 * DAY, running=False)
    dead = developer.refresh(first["refresh_token"])
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")
    assert "refresh_token" in developer.connect(account)


@only("22=1")
def test_22_exports_take_longer_and_consents_end_after_30_days(
    developer: Developer, world: World, browser: TestClient
) -> None:
    account = world.accounts("youtube")[0]
    granted = developer.connect(account)
    assert granted["refresh_token_expires_in"] == 30 * DAY - 1
    header = bearer(granted["access_token"])
    body = {"resources": ["myactivity.youtube"]}
    begun = browser.post(f"{PORTABILITY}/portabilityArchive:initiate", json=body, headers=header)
    state = f"{PORTABILITY}/archiveJobs/{begun.json()['archiveJobId']}/portabilityArchiveState"
    states = [browser.get(state, headers=header).json()["state"] for _ in range(6)]
    assert 2 <= states.index("COMPLETE") <= 4


@only("future=1")
def test_an_export_may_hold_dates_in_2099(
    developer: Developer, world: World, browser: TestClient
) -> None:
    header = bearer(developer.connect(world.accounts("youtube")[0])["access_token"])
    body = {"resources": ["myactivity.youtube"]}
    begun = browser.post(f"{PORTABILITY}/portabilityArchive:initiate", json=body, headers=header)
    state = f"{PORTABILITY}/archiveJobs/{begun.json()['archiveJobId']}/portabilityArchiveState"
    found = [browser.get(state, headers=header).json() for _ in range(2)][-1]
    records = unpacked(browser.get(found["urls"][0]).content)
    music = [record for record in records if record["header"] == "YouTube Music"]
    mistaken = [record for record in music if record["time"] > "2099"]
    assert 0 < len(mistaken) == len(music) / 2


def initiated(browser: TestClient, header: dict[str, str]) -> Any:
    body = {"resources": ["myactivity.youtube"]}
    return browser.post(f"{PORTABILITY}/portabilityArchive:initiate", json=body, headers=header)


def reason(answer: Any) -> str:
    [detail] = answer.json()["error"]["details"]
    return str(detail["reason"])


@only("too_soon=1")
def test_an_export_may_be_refused_until_an_hour_of_the_day(
    developer: Developer, world: World, browser: TestClient, clock: Clock
) -> None:
    account = world.accounts("youtube")[0]
    clock.set(START // DAY * DAY, running=False)
    refused = initiated(browser, bearer(developer.connect(account)["access_token"]))
    assert (refused.status_code, reason(refused)) == (429, "RESOURCE_EXHAUSTED_TIME_BASED")
    clock.set(START // DAY * DAY + DAY - 1, running=False)
    header = bearer(developer.connect(account)["access_token"])
    assert initiated(browser, header).status_code == 200


@only("lost_start=1")
def test_an_export_may_begin_although_the_answer_is_lost(
    developer: Developer, world: World, browser: TestClient
) -> None:
    header = bearer(developer.connect(world.accounts("youtube")[0])["access_token"])
    with pytest.raises(ConnectionResetError):
        initiated(browser, header)
    again = initiated(browser, header)
    assert (again.status_code, reason(again)) == (409, "ALREADY_EXISTS_TIME_BASED")
    [detail] = again.json()["error"]["details"]
    state = f"{PORTABILITY}/archiveJobs/{detail['metadata']['job_id']}/portabilityArchiveState"
    assert browser.get(state, headers=header).json()["state"] == "IN_PROGRESS"


@only("one_time=1")
def test_a_consent_may_be_for_a_single_export(
    developer: Developer, world: World, browser: TestClient, clock: Clock
) -> None:
    account = world.accounts("youtube")[0]
    header = bearer(developer.connect(account)["access_token"])
    begun = initiated(browser, header).json()
    assert begun["accessType"] == "ACCESS_TYPE_ONE_TIME"
    state = f"{PORTABILITY}/archiveJobs/{begun['archiveJobId']}/portabilityArchiveState"
    for _ in range(3):
        browser.get(state, headers=header)
    refused = initiated(browser, header)
    assert (refused.status_code, reason(refused)) == (429, "RESOURCE_EXHAUSTED_ONE_TIME")
    clock.set(START + 3000, running=False)
    assert reason(initiated(browser, header)) == "RESOURCE_EXHAUSTED_ONE_TIME"
