"""The levers on the world."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.listeners.catalogue import other_track_id
from simulator.listeners.population import Listener
from simulator.listeners.spelling import lastfm_path, partner_id
from simulator.providers.grants import Consent
from simulator.world import World
from tests.simulator.conftest import START


@pytest.fixture
def listener(world: World) -> Listener:
    return next(one for one in world.listeners if "spotify" in one.accounts)


def test_the_clock_is_read_and_set(browser: TestClient, clock: Clock) -> None:
    assert browser.get("/world/clock").json() == {"now": START, "running": False}
    answer = browser.put("/world/clock", json={"now": START + 60.5, "running": False})
    assert answer.json() == {"now": START + 60.5, "running": False}
    assert clock.now() == START + 60.5


def test_listeners_are_listed_with_what_a_driver_needs(browser: TestClient, world: World) -> None:
    listed = browser.get("/world/listeners").json()
    assert len(listed) == len(world.listeners)
    assert listed[0].keys() == {"tenant", "user", "time_zone", "accounts", "follows"}
    assert listed[0]["user"] == world.listeners[0].user


def test_added_plays_change_the_truth(browser: TestClient, listener: Listener) -> None:
    noon = START - START % 86_400 + 43_200
    started = [noon + hour * 3600 for hour in (0, 1, 2)]
    song = browser.get("/world/songs/3").json()
    question = {
        "tenant": listener.tenant,
        "user": listener.user,
        "as_of": datetime.fromtimestamp(noon + 2 * 86_400, UTC).date().isoformat(),
        "polls": {"spotify": [noon + 4 * 3600]},
    }

    def plays_of_song() -> int:
        truth = browser.post("/world/truth", json=question).json()
        assert truth.keys() == {
            "songs",
            "plays_true",
            "plays_obtainable",
            "lost",
            "merged",
            "doubled",
        }
        counts = {found["ids"]["spotify"][0]: found["count"] for found in truth["songs"]}
        return int(counts.get(song["spotify_ids"][0], 0))

    before = plays_of_song()
    new = {"provider": "spotify", "plays": [{"song": 3, "started_at": at} for at in started]}
    path = f"/world/listeners/{listener.tenant}/{listener.user}/plays"
    assert browser.post(path, json=new).json() == {"added": 3}
    assert plays_of_song() == before + 3


def test_the_truth_describes_a_song_in_the_same_words_whatever_the_provider(
    browser: TestClient, listener: Listener, world: World
) -> None:
    question = {
        "tenant": listener.tenant,
        "user": listener.user,
        "as_of": "2026-09-21",
        "polls": {"spotify": [START]},
    }
    found = browser.post("/world/truth", json=question).json()["songs"][0]
    song = next(song for song in world.songs if [song.apple_id] == found["ids"]["apple_music"])
    assert found["title"] == song.name
    assert found["singers"] == [*song.singers, *song.guests]
    assert found["ids"] == {
        "spotify": [*song.spotify_ids, other_track_id(song)],
        "apple_music": [song.apple_id],
        "youtube": [song.video_id],
        "lastfm": [lastfm_path(song)],
        "listenbrainz": [song.spotify_ids[0]],
        "partner": [partner_id(song)],
    }
    assert found["exact_time"] is True


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (
            "/world/truth",
            {"tenant": "harbor", "user": "nobody", "as_of": "2026-09-21", "polls": {}},
            404,
        ),
        ("/world/truth", {"tenant": "harbor"}, 400),
        ("/world/listeners/harbor/nobody/plays", {"provider": "spotify", "plays": []}, 404),
    ],
)
def test_an_invalid_request_is_refused(
    browser: TestClient, path: str, body: dict[str, object], status: int
) -> None:
    assert browser.post(path, json=body).status_code == status


def test_polls_of_a_provider_without_an_account_are_refused(
    browser: TestClient, world: World
) -> None:
    one = next(one for one in world.listeners if "youtube" not in one.accounts)
    question = {"tenant": one.tenant, "user": one.user, "as_of": "2026-09-21"}
    answer = browser.post("/world/truth", json={**question, "polls": {"youtube": [START]}})
    assert (answer.status_code, "youtube" in answer.text) == (400, True)


def test_plays_go_only_where_there_is_an_account_and_a_song(
    browser: TestClient, world: World
) -> None:
    one = next(one for one in world.listeners if "youtube" not in one.accounts)
    path = f"/world/listeners/{one.tenant}/{one.user}/plays"
    provider = next(iter(one.accounts))
    missing = {"provider": provider, "plays": [{"song": 10**6, "started_at": START}]}
    assert browser.post(path, json=missing).status_code == 404
    assert browser.post(path, json={"provider": "youtube", "plays": []}).status_code == 400


def test_every_secret_ever_issued_is_listed(browser: TestClient, world: World) -> None:
    grants = world.grants["spotify"]
    consent = Consent("fake-client", "anna@spotify", "listens")
    code = grants.issue_code(consent, redirect_uri="", challenge="", durable=True, lasts=60)
    grants.redeem(code)
    first = grants.issue_refresh(consent)
    second = grants.rotate(first)
    access = grants.issue_access(consent)
    grants.revoke(lambda _: True)
    told = browser.get("/world/secrets").json()
    assert told["spotify"] == {"code": [code], "refresh": [first, second], "access": [access]}
    assert told["lastfm"] == {}
