"""Google's own clients against the simulated authorization server and Data Portability API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.clock import Clock
from simulator.listeners.listening import DAY
from simulator.listeners.visible import watched
from simulator.providers.apps import App
from simulator.world import World
from tests.clients.client import Client, python_flow
from tests.clients.conftest import START, Flow

APP = {
    "client_id": "fake-client-1.apps.googleusercontent.com",
    "client_secret": "fake-client-secret-1",
    "redirect_uri": "https://app.example/callback",
}
RESOURCE = "myactivity.youtube"


@pytest.fixture
def google(flow: Flow, world: World) -> Client:
    app = App(APP["client_id"], APP["client_secret"], (APP["redirect_uri"],))
    world.apps["youtube"].register(app)
    return flow(python_flow("google_flow"))


@pytest.fixture
def account(world: World) -> str:
    def plays(one: str) -> int:
        return len(watched(world.plays_of("youtube", one), 0, START, START))

    return max(world.accounts("youtube"), key=plays)


def connect(google: Client, account: str, **options: object) -> Any:
    return google("connect", app=APP, account=account, **options)["stored"]


def finished(google: Client, stored: Any, job: str) -> Any:
    """The state of an export once it is ready."""
    for _ in range(5):
        state = google("state", stored=stored, job=job)
        if state["state"] != "IN_PROGRESS":
            return state
    raise AssertionError("the export is not ready")


@pytest.mark.parametrize("pkce", [True, False])
def test_consent_refresh_and_its_end(
    google: Client, world: World, account: str, pkce: bool
) -> None:
    connected = google("connect", app=APP, account=account, pkce=pkce)
    renewed = google("refresh", stored=connected["stored"])
    world.grants["youtube"].revoke(lambda consent: consent.account == account)
    refused = google("refresh", stored=connected["stored"])

    assert connected["state_came_back"]
    assert connected["stored"]["refresh_token"] == renewed["refresh_token"]
    assert connected["stored"]["token"] != renewed["token"]
    assert refused["error"] == "invalid_grant"
    assert "Token has been expired or revoked." in refused["description"]


@pytest.mark.parametrize(
    ("term", "seconds", "kind"),
    [
        ("180 days", 180 * DAY - 1, "ACCESS_TYPE_TIME_BASED"),
        ("30 days", 30 * DAY - 1, "ACCESS_TYPE_TIME_BASED"),
        ("once", None, "ACCESS_TYPE_ONE_TIME"),
    ],
)
def test_the_listener_chooses_the_duration_of_access(
    google: Client, account: str, term: str, seconds: int | None, kind: str
) -> None:
    connected = google("connect", app=APP, account=account, term=term)
    checked = google("check", stored=connected["stored"])
    begun = google("initiate", stored=connected["stored"])

    assert connected["consent_seconds"] == seconds
    assert begun["accessType"] == kind
    once = kind == "ACCESS_TYPE_ONE_TIME"
    assert checked == {"oneTimeResources" if once else "timeBasedResources": [RESOURCE]}


def test_an_export_holds_the_watch_history(google: Client, world: World, account: str) -> None:
    stored = connect(google, account)
    span = {"startTime": "2026-09-15T00:00:00Z", "endTime": "2026-09-21T00:00:00Z"}
    job = google("initiate", stored=stored, **span)["archiveJobId"]
    ready = finished(google, stored, job)
    files = google("download", urls=ready["urls"])
    start, end = (datetime.fromisoformat(span[name]).timestamp() for name in span)
    plays = watched(world.plays_of("youtube", account), start, end, START)

    assert ready["name"] == f"archiveJobs/{job}/portabilityArchiveState"
    assert datetime.fromisoformat(ready["startTime"]).timestamp() == start
    assert datetime.fromisoformat(ready["exportTime"]).timestamp() == end
    assert all(name.startswith("Portability/My Activity/") for name in files)
    records = [record for file in files.values() for record in file]
    music = [one["time"] for one in records if one["header"] == "YouTube Music"]
    times = [datetime.fromtimestamp(play.started_at, UTC) for play in plays]
    assert plays
    assert sorted(map(datetime.fromisoformat, music)) == sorted(times)


def test_a_second_export_within_a_day_is_refused_with_the_time_of_the_next(
    google: Client, account: str, clock: Clock
) -> None:
    stored = connect(google, account)
    job = google("initiate", stored=stored)["archiveJobId"]
    running = google("initiate", stored=stored)
    finished(google, stored, job)
    early = google("initiate", stored=stored)
    clock.set(START + DAY, running=False)
    renewed = stored | {"token": google("refresh", stored=stored)["token"]}
    later = google("initiate", stored=renewed)

    assert running["status"] == 409
    assert running["details"][0]["reason"] == "ALREADY_EXISTS_TIME_BASED"
    assert running["details"][0]["metadata"]["job_id"] == job
    assert early["status"] == 429
    assert early["details"][0]["reason"] == "RESOURCE_EXHAUSTED_TIME_BASED"
    assert early["details"][0]["metadata"]["previous_job_ids"] == job
    until = datetime.fromisoformat(early["details"][0]["metadata"]["timestamp_after_24hrs"])
    assert until.timestamp() == START + DAY
    assert later["archiveJobId"] != job


def test_one_time_access_is_used_up_until_it_is_reset_and_granted_again(
    google: Client, account: str
) -> None:
    stored = connect(google, account, term="once")
    job = google("initiate", stored=stored)["archiveJobId"]
    running = google("initiate", stored=stored)
    finished(google, stored, job)
    used_up = google("initiate", stored=stored)
    reset = google("reset", stored=stored)
    afterwards = google("state", stored=stored, job=job)
    refresh = google("refresh", stored=stored)
    anew = google("initiate", stored=connect(google, account, term="once"))

    assert running["details"][0]["reason"] == "ALREADY_EXISTS_ONE_TIME"
    assert (used_up["status"], used_up["details"][0]["reason"]) == (
        429,
        "RESOURCE_EXHAUSTED_ONE_TIME",
    )
    assert reset == {}
    assert afterwards["error"] == refresh["error"] == "invalid_grant"
    assert anew["archiveJobId"] != job


def test_a_running_export_can_be_cancelled(google: Client, account: str) -> None:
    stored = connect(google, account)
    job = google("initiate", stored=stored)["archiveJobId"]
    cancelled = google("cancel", stored=stored, job=job)
    state = google("state", stored=stored, job=job)
    again = google("cancel", stored=stored, job=job)

    assert cancelled == {}
    assert state["state"] == "CANCELLED"
    assert again["status"] == 400


def test_a_failed_export_is_retried_under_a_new_job(
    google: Client, world: World, account: str
) -> None:
    stored = connect(google, account)
    world.failing_exports.add(account)
    job = google("initiate", stored=stored)["archiveJobId"]
    failed = finished(google, stored, job)
    world.failing_exports.clear()
    retried = google("retry", stored=stored, job=job)["archiveJobId"]
    ready = finished(google, stored, retried)
    pointless = google("retry", stored=stored, job=retried)

    assert failed["state"] == "FAILED"
    assert retried != job
    assert ready["state"] == "COMPLETE"
    assert pointless["status"] == 400


def test_request_errors_have_googles_shape(google: Client, account: str, clock: Clock) -> None:
    stored = connect(google, account)
    backwards = google(
        "initiate", stored=stored, startTime="2026-09-02T00:00:00Z", endTime="2026-09-01T00:00:00Z"
    )
    unknown = google("state", stored=stored, job="fake-job")

    assert backwards["status"] == 400
    assert (unknown["status"], unknown["reason"]) == (404, "Requested entity was not found.")
