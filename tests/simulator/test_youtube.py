"""The Data Portability API: one export a day, prepared for a while, fetched without a token."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.listeners.listening import DAY
from simulator.listeners.spelling import youtube_channel, youtube_title
from simulator.listeners.visible import watched
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import PORTABILITY, Developer, bearer, unpacked
from tests.simulator.test_shapes import sample, shape

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


def act(browser: TestClient, token: str, method: str) -> Any:
    return browser.post(f"{PORTABILITY}/{method}", json={}, headers=bearer(token))


def exported(browser: TestClient, token: str, body: object = BODY) -> list[dict[str, Any]]:
    job = initiate(browser, token, body).json()["archiveJobId"]
    assert state(browser, token, job).json()["state"] == "IN_PROGRESS"
    found = state(browser, token, job).json()
    assert found["state"] == "COMPLETE"
    return downloaded(browser, found)


def downloaded(browser: TestClient, state: Any) -> list[dict[str, Any]]:
    return unpacked(browser.get(state["urls"][0]).content)


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


@pytest.mark.parametrize(("wait", "status"), [(DAY - 1, 429), (DAY, 200)])
def test_the_next_export_may_begin_24_hours_after_the_last(
    browser: TestClient, token: str, account: str, clock: Clock, wait: int, status: int
) -> None:
    exported(browser, token)
    clock.set(START + wait, running=False)
    token = Developer(browser, "youtube").connect(account)["access_token"]
    answer = initiate(browser, token)
    assert answer.status_code == status
    if status == 429:
        assert shape(answer.json()) == shape(sample("youtube/already_exported.json"))
        (detail,) = answer.json()["error"]["details"]
        until = datetime.fromisoformat(detail["metadata"]["timestamp_after_24hrs"])
        assert detail["reason"] == "RESOURCE_EXHAUSTED_TIME_BASED"
        assert until.timestamp() == START + DAY


def test_a_second_export_conflicts_with_the_running_one_and_names_it(
    browser: TestClient, token: str
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    answer = initiate(browser, token)
    assert answer.status_code == 409
    assert shape(answer.json()) == shape(sample("youtube/export_under_way.json"))
    assert answer.json()["error"]["details"][0]["metadata"] == {"job_id": job}


def test_an_export_that_is_never_polled_ends_within_a_week(
    browser: TestClient, token: str, account: str, clock: Clock
) -> None:
    first = initiate(browser, token).json()["archiveJobId"]
    for days, status in ((6, 409), (7, 200)):
        clock.set(START + days * DAY, running=False)
        token = Developer(browser, "youtube").connect(account)["access_token"]
        assert initiate(browser, token).status_code == status
    assert state(browser, token, first).json()["state"] == "COMPLETE"


def test_one_time_access_allows_one_export_until_it_is_reset(
    browser: TestClient, account: str, clock: Clock
) -> None:
    developer = Developer(browser, "youtube").register()
    granted = developer.connect(account, term="once")
    token = granted["access_token"]
    begun = initiate(browser, token).json()
    for _ in range(2):
        state(browser, token, begun["archiveJobId"])
    clock.set(START + 2 * DAY, running=False)
    again = developer.connect(account, term="once", prompt="consent")["access_token"]
    used_up = initiate(browser, again)
    kind = act(browser, again, "accessType:check").json()
    reset = act(browser, again, "authorization:reset")
    dead = initiate(browser, again)
    anew = initiate(browser, developer.connect(account, term="once")["access_token"])

    assert shape(granted) == shape(sample("youtube/token_once.json"))
    assert shape(begun) == shape(sample("youtube/initiated_once.json"))
    assert begun["accessType"] == "ACCESS_TYPE_ONE_TIME"
    assert used_up.status_code == 429
    assert shape(used_up.json()) == shape(sample("youtube/access_used_up.json"))
    assert kind == sample("youtube/access_type_once.json")
    assert (reset.json(), dead.status_code, anew.status_code) == ({}, 401, 200)


def test_a_reset_ends_only_the_consents_of_that_account(
    browser: TestClient, token: str, world: World, account: str
) -> None:
    other = next(one for one in world.accounts("youtube") if one != account)
    stranger = Developer(browser, "youtube").connect(other)["access_token"]
    job = initiate(browser, stranger).json()["archiveJobId"]
    act(browser, token, "authorization:reset")
    assert state(browser, stranger, job).status_code == 200
    assert state(browser, token, job).status_code == 401


def test_only_a_running_export_can_be_cancelled(browser: TestClient, token: str) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    cancelled = act(browser, token, f"archiveJobs/{job}:cancel")
    found = state(browser, token, job).json()
    again = act(browser, token, f"archiveJobs/{job}:cancel")
    assert (cancelled.status_code, cancelled.json()) == (200, {})
    assert shape(found) == shape(sample("youtube/state_cancelled.json"))
    assert found["state"] == "CANCELLED"
    assert again.json()["error"]["status"] == "FAILED_PRECONDITION"


def test_a_failed_export_can_be_retried_three_times(
    browser: TestClient, token: str, account: str
) -> None:
    browser.put(f"/world/exports/{account}", json={"fails": True})
    job = initiate(browser, token).json()["archiveJobId"]
    early = act(browser, token, f"archiveJobs/{job}:retry")
    for _ in range(3):
        state(browser, token, job)
        assert state(browser, token, job).json()["state"] == "FAILED"
        retried = act(browser, token, f"archiveJobs/{job}:retry").json()
        assert shape(retried) == shape(sample("youtube/retried.json"))
        job = retried["archiveJobId"]
    for _ in range(2):
        state(browser, token, job)
    last = act(browser, token, f"archiveJobs/{job}:retry")
    for refused in (early, last):
        assert (refused.status_code, refused.json()["error"]["status"]) == (
            400,
            "FAILED_PRECONDITION",
        )


def test_the_access_of_a_token_can_be_checked(browser: TestClient, token: str) -> None:
    kind = act(browser, token, "accessType:check").json()
    assert kind == sample("youtube/access_type.json")


@pytest.mark.parametrize("spelling", ["{}_time", "{}Time"])
def test_both_spellings_of_a_time_range_are_accepted(
    browser: TestClient, token: str, spelling: str
) -> None:
    span = {"start": "2026-09-15T00:00:00Z", "end": "2026-09-16T00:00:00Z"}
    body = BODY | {spelling.format(name): moment for name, moment in span.items()}
    job = initiate(browser, token, body).json()["archiveJobId"]
    state(browser, token, job)
    found = state(browser, token, job).json()
    asked = [datetime.fromisoformat(found[name]) for name in ("startTime", "exportTime")]
    assert asked == [datetime.fromisoformat(moment) for moment in span.values()]


def test_plays_outside_the_requested_range_are_not_exported(
    browser: TestClient, token: str
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    state(browser, token, job)
    found = state(browser, token, job).json()
    assert "startTime" not in found
    assert datetime.fromisoformat(found["exportTime"]).timestamp() == START


def test_an_archive_is_a_zip_with_a_file_for_each_product(browser: TestClient, token: str) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    state(browser, token, job)
    url = state(browser, token, job).json()["urls"][0]
    with zipfile.ZipFile(io.BytesIO(browser.get(url).content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if "My Activity" in name}
    assert sorted(files) == [
        "Portability/My Activity/YouTube Music/MyActivity.json",
        "Portability/My Activity/YouTube/MyActivity.json",
    ]
    for name, content in files.items():
        assert {record["header"] for record in json.loads(content)} == {name.split("/")[2]}


def test_plays_after_the_start_of_an_export_are_not_in_it(
    browser: TestClient, token: str, account: str, clock: Clock
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    state(browser, token, job)
    clock.set(START + 3 * 3600, running=False)
    later = Developer(browser, "youtube").connect(account)["access_token"]
    records = downloaded(browser, state(browser, later, job).json())
    assert max(record["time"] for record in records) < "2026-09-21T14:13:21"


def test_plays_unknown_at_the_start_stay_out_however_late_it_is_downloaded(
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
    records = downloaded(browser, state(browser, token, job).json())
    begun = datetime.fromtimestamp(late.started_at, UTC)
    assert begun not in {datetime.fromisoformat(record["time"]) for record in records}


def test_an_export_ends_at_the_requested_time(browser: TestClient, token: str) -> None:
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
        BODY | {"startTime": "2026-09-14T00:00:00Z", "endTime": "2026-09-13T00:00:00Z"},
        BODY | {"startTime": "2026-09-14T00:00:00"},
    ],
)
def test_an_invalid_request_is_an_invalid_argument(
    browser: TestClient, token: str, body: object
) -> None:
    answer = initiate(browser, token, body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_job_belongs_to_the_account_that_started_it(
    browser: TestClient, token: str, account: str, world: World
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    other = next(one for one in world.accounts("youtube") if one != account)
    stranger = Developer(browser, "youtube").connect(other)["access_token"]
    for answer in (state(browser, stranger, job), state(browser, token, "no-such-job")):
        assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


def test_without_a_valid_token_no_export_is_started_or_shown(
    browser: TestClient, token: str, clock: Clock
) -> None:
    clock.set(START + 3600, running=False)
    for answer in (initiate(browser, token), state(browser, token, "x"), initiate(browser, "fake")):
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_an_altered_or_expired_signed_url_is_refused(
    browser: TestClient, token: str, clock: Clock
) -> None:
    job = initiate(browser, token).json()["archiveJobId"]
    state(browser, token, job)
    url = state(browser, token, job).json()["urls"][0]
    signature = url.split("/")[-2]
    assert browser.get(url.replace(signature, "0" * len(signature))).status_code == 403
    clock.set(START + 6 * 3600 + 1, running=False)
    assert browser.get(url).status_code == 403
