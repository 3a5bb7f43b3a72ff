"""The Data Portability API: one export a day, prepared for a while, fetched without a token."""

from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.listening import DAY
from simulator.spelling import youtube_channel, youtube_title
from simulator.visible import watched
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import PORTABILITY, Developer, bearer

BODY = {"resources": ["myactivity.youtube"]}


@pytest.fixture
def account(world: World) -> str:
    """Of somebody who watched a good deal in the past week."""
    return next(
        account
        for account in world.accounts("youtube")
        if len(watched(world.plays_of("youtube", account), START - 7 * DAY, START, START)) > 20
    )


@pytest.fixture
def token(browser: TestClient, account: str) -> str:
    return str(Developer(browser, "youtube").register().connect(account)["access_token"])


def initiate(browser: TestClient, token: str, body: object = BODY) -> Any:
    path = f"{PORTABILITY}/portabilityArchive:initiate"
    return browser.post(path, json=body, headers=bearer(token))


def state(browser: TestClient, token: str, job: str) -> Any:
    path = f"{PORTABILITY}/archiveJobs/{job}/portabilityArchiveState"
    return browser.get(path, headers=bearer(token))


def exported(browser: TestClient, token: str, body: object = BODY) -> list[dict[str, Any]]:
    job = initiate(browser, token, body).json()["archiveJobId"]
    assert state(browser, token, job).json()["state"] == "IN_PROGRESS"
    found = state(browser, token, job).json()
    assert found["state"] == "COMPLETE"
    records: list[dict[str, Any]] = browser.get(found["urls"][0]).json()
    return records


def test_an_export_holds_the_songs_watched_by_its_start(
    browser: TestClient, token: str, world: World, account: str
) -> None:
    span = {"startTime": "2026-09-14T14:13:20Z", "endTime": "2026-09-21T14:13:20Z"}
    records = exported(browser, token, BODY | span)
    music = [record for record in records if record["header"] == "YouTube Music"]
    plays = watched(world.plays_of("youtube", account), START - 7 * DAY, START, START)
    songs = [world.songs[play.song] for play in plays]
    assert [record["title"] for record in music] == [
        f"Watched {youtube_title(song)}" for song in songs
    ]
    assert [record["subtitles"][0]["name"] for record in music] == [
        youtube_channel(song) for song in songs
    ]
    assert all(
        song.video_id in record["titleUrl"] for record, song in zip(music, songs, strict=True)
    )


def test_other_videos_and_searches_are_mixed_in(browser: TestClient, token: str) -> None:
    records = exported(browser, token)
    assert any(record["title"].startswith("Searched for ") for record in records)
    assert any(
        record["header"] == "YouTube" and record["title"].startswith("Watched ")
        for record in records
    )


@pytest.mark.parametrize(("wait", "status"), [(DAY - 1, 400), (DAY, 200)])
def test_the_next_export_may_begin_24_hours_after_the_last(
    browser: TestClient, token: str, account: str, clock: Clock, wait: int, status: int
) -> None:
    assert initiate(browser, token).status_code == 200
    clock.set(START + wait, running=False)
    token = Developer(browser, "youtube").connect(account)["access_token"]
    answer = initiate(browser, token)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"]["status"] == "FAILED_PRECONDITION"


def test_what_happens_after_an_export_began_is_not_in_it(
    browser: TestClient, token: str, account: str, clock: Clock
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    state(browser, token, job)
    clock.set(START + 3 * 3600, running=False)
    later = Developer(browser, "youtube").connect(account)["access_token"]
    records = browser.get(state(browser, later, job).json()["urls"][0]).json()
    assert max(record["time"] for record in records) < "2026-09-21T14:13:21"


def test_what_an_export_could_not_know_stays_out_however_late_it_is_fetched(
    browser: TestClient, token: str, account: str, clock: Clock, world: World
) -> None:
    plays = [play for play in world.plays_of("youtube", account) if play.provider == "youtube"]
    late = next(
        play for play in plays if play.started_at > START and play.known_at > play.started_at + 60
    )
    clock.set(late.known_at - 1, running=False)
    token = Developer(browser, "youtube").connect(account)["access_token"]
    job = initiate(browser, token).json()["archiveJobId"]
    state(browser, token, job)
    clock.set(late.known_at, running=False)
    records = browser.get(state(browser, token, job).json()["urls"][0]).json()
    begun = datetime.fromtimestamp(late.started_at, UTC)
    assert begun not in {datetime.fromisoformat(record["time"]) for record in records}


def test_an_export_ends_where_it_was_asked_to(browser: TestClient, token: str) -> None:
    records = exported(browser, token, BODY | {"endTime": "2026-09-18T00:00:00Z"})
    assert records
    assert max(record["time"] for record in records) < "2026-09-18"


@pytest.mark.parametrize(
    "body",
    [
        {"resources": []},
        {"resources": ["myactivity.maps"]},
        {},
        [],
        BODY | {"startTime": "yesterday"},
        BODY | {"startTime": "2026-09-14T00:00:00"},
    ],
)
def test_a_wrong_request_is_an_invalid_argument(
    browser: TestClient, token: str, body: object
) -> None:
    answer = initiate(browser, token, body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_job_belongs_to_the_account_that_began_it(
    browser: TestClient, token: str, account: str, world: World
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    other = next(one for one in world.accounts("youtube") if one != account)
    stranger = Developer(browser, "youtube").connect(other)["access_token"]
    for answer in (state(browser, stranger, job), state(browser, token, "no-such-job")):
        assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


def test_without_a_live_token_nothing_is_begun_or_told(
    browser: TestClient, token: str, clock: Clock
) -> None:
    clock.set(START + 3600, running=False)
    for answer in (initiate(browser, token), state(browser, token, "x"), initiate(browser, "fake")):
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_signed_url_is_worth_nothing_when_altered_or_old(
    browser: TestClient, token: str, clock: Clock
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    state(browser, token, job)
    url = state(browser, token, job).json()["urls"][0]
    signature = url.split("/")[-2]
    assert browser.get(url.replace(signature, "0" * len(signature))).status_code == 403
    clock.set(START + 6 * 3600 + 1, running=False)
    assert browser.get(url).status_code == 403
