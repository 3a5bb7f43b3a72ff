"""Last.fm, ListenBrainz and a partner over HTTP, in the shapes of the sample bodies."""

from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.habits import Habits
from simulator.listeners.plays import Play
from simulator.listeners.population import PROVIDERS
from simulator.listeners.visible import scrobbled
from simulator.providers.scrobblers.listenbrainz import user_token
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import CLIENT, REDIRECT, bearer
from tests.simulator.poller import KEY, SECRET, Poller
from tests.simulator.test_shapes import entries, sample, shape

CONSENT = "/lastfm/accounts/api/auth/"
DAY = 86_400


@pytest.fixture
def providers() -> tuple[str, ...]:
    return PROVIDERS


@pytest.fixture
def habits(request: pytest.FixtureRequest) -> Habits:
    return Habits.parse(getattr(request, "param", "usual"))


def only(text: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("habits", [text], indirect=True)


@pytest.fixture
def client(browser: TestClient, clock: Clock) -> Poller:
    app = {"api_key": KEY, "shared_secret": SECRET, "redirect_uris": [REDIRECT]}
    assert browser.put("/world/apps/lastfm", json=app).status_code == 200
    return Poller(browser, clock, lambda *_: None)


def account(world: World, provider: str) -> str:
    """The account with the most scrobbles."""
    return max(world.accounts(provider), key=lambda one: len(known(world, provider, one)))


def known(world: World, provider: str, account: str) -> list[Play]:
    return scrobbled(world.plays_of(provider, account), provider, START)


def token(browser: TestClient, account: str, decision: str = "allow") -> str:
    back = f"{REDIRECT}?state=fake-state-1"
    asked = {"api_key": KEY, "cb": back}
    assert browser.get(CONSENT, params=asked).status_code == 200
    answer = browser.post(CONSENT, data=asked | {"account": account, "decision": decision})
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    assert told["state"] == ["fake-state-1"]
    return told.get("token", [""])[0]


def session(browser: TestClient, client: Poller, account: str) -> str:
    answer = client.signed(method="auth.getSession", token=token(browser, account))
    assert shape(answer.json()) == shape(sample("lastfm/session.json"))
    assert answer.json()["session"]["name"] == account
    return str(answer.json()["session"]["key"])


def tracks(client: Poller, user: str, **asked: str) -> Any:
    return client.signed(method="user.getrecenttracks", user=user, **asked).json()


def test_a_lastfm_token_works_once_within_an_hour(
    browser: TestClient, client: Poller, world: World, clock: Clock
) -> None:
    user = account(world, "lastfm")
    used, late = token(browser, user), token(browser, user)
    assert client.signed(method="auth.getSession", token=used).status_code == 200
    again = client.signed(method="auth.getSession", token=used)
    clock.set(START + 3600, running=False)
    expired = client.signed(method="auth.getSession", token=late)
    assert again.json() == sample("lastfm/session_not_issued.json")
    assert expired.json() == sample("lastfm/session_expired.json")
    assert token(browser, user, decision="deny") == ""


def test_lastfm_checks_keys_signatures_and_addresses(
    browser: TestClient, client: Poller, world: World
) -> None:
    user = account(world, "lastfm")
    call = {"method": "user.getrecenttracks", "user": user, "format": "json"}
    unknown = browser.get("/lastfm/api/2.0/", params=call | {"api_key": "fake-guess"})
    forged = browser.get("/lastfm/api/2.0/", params=call | {"api_key": KEY, "api_sig": "0"})
    nobody = client.signed(method="user.getrecenttracks", user="nobody")
    foreign = browser.get(CONSENT, params={"api_key": KEY, "cb": "https://elsewhere.example/"})
    assert unknown.json() == sample("lastfm/invalid_key.json")
    assert forged.json()["error"] == 13
    assert (nobody.status_code, nobody.json()) == (404, sample("lastfm/unknown_user.json"))
    assert foreign.status_code == 400
    assert client.signed(method="user.getfriends").json()["error"] == 3


def test_a_desktop_application_gets_its_token_approved(
    browser: TestClient, client: Poller, world: World
) -> None:
    user = account(world, "lastfm")
    issued = client.signed(method="auth.getToken").json()["token"]
    early = client.signed(method="auth.getSession", token=issued)
    asked = {"api_key": KEY, "token": issued}
    assert browser.get(CONSENT, params=asked).status_code == 200
    shown = browser.post(CONSENT, data=asked | {"account": user, "decision": "allow"})
    session = client.signed(method="auth.getSession", token=issued).json()["session"]

    assert early.json() == sample("lastfm/session_unauthorized.json")
    assert "location" not in shown.headers
    assert session["name"] == user


def test_lastfm_responds_in_xml_by_default_and_accepts_posts(
    browser: TestClient, client: Poller, world: World
) -> None:
    user = account(world, "lastfm")
    call = {"method": "user.getRecentTracks", "user": user, "api_key": KEY, "limit": "2"}
    listed = tracks(client, user, limit="2")["recenttracks"]
    for answer in (
        browser.get("/lastfm/api/2.0/", params=call),
        browser.post("/lastfm/api/2.0/", data=call),
    ):
        root = ET.fromstring(answer.content)
        (found,) = root
        assert (root.tag, root.attrib) == ("lfm", {"status": "ok"})
        assert (found.tag, found.attrib) == ("recenttracks", listed["@attr"])
        for track, expected in zip(found, listed["track"], strict=True):
            assert track.findtext("name") == expected["name"]
            assert track.findtext("artist") == expected["artist"]["#text"]
            date = track.find("date")
            assert date is not None
            assert date.attrib == {"uts": expected["date"]["uts"]}
    refused = browser.post("/lastfm/api/2.0/", data=call | {"user": "nobody"})
    (error,) = ET.fromstring(refused.content)
    assert (error.attrib, error.text) == ({"code": "6"}, "User not found")


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"user": ""}, 400, "Invalid parameters - Your request is missing a required parameter"),
        ({"limit": "0"}, 400, "limit param out of bounds"),
        ({"page": "0"}, 400, "page param out of bounds"),
        ({"limit": "many"}, 400, "limit param out of bounds"),
        ({"user": "nobody"}, 404, "User not found"),
    ],
)
def test_lastfms_error_6_has_many_causes(
    client: Poller, world: World, change: dict[str, str], status: int, message: str
) -> None:
    call = {"user": account(world, "lastfm")} | change
    answer = client.signed(method="user.getrecenttracks", **call)
    assert answer.status_code == status
    assert answer.json() == {"error": 6, "message": message}


def test_a_limit_beyond_200_is_cut(client: Poller, world: World) -> None:
    found = tracks(client, account(world, "lastfm"), limit="1000")["recenttracks"]
    assert found["@attr"]["perPage"] == "200"


def test_a_revoked_session_is_refused(browser: TestClient, client: Poller, world: World) -> None:
    user = account(world, "lastfm")
    key = session(browser, client, user)
    assert "recenttracks" in tracks(client, user, sk=key)
    browser.delete(f"/world/grants/lastfm/{user}")
    assert tracks(client, user, sk=key) == sample("lastfm/unauthorized.json")


def test_lastfm_returns_all_scrobbles_in_pages_with_numbers_as_strings(
    client: Poller, world: World
) -> None:
    user = account(world, "lastfm")
    expected = [str(play.started_at) for play in reversed(known(world, "lastfm", user))]
    first = tracks(client, user, limit="7")
    assert shape(first | {"recenttracks": 0}) == shape(
        sample("lastfm/recent_tracks.json") | {"recenttracks": 0}
    )
    extent = first["recenttracks"]["@attr"]
    assert extent["total"] == str(len(expected))
    pages = [
        tracks(client, user, limit="7", page=str(1 + n)) for n in range(int(extent["totalPages"]))
    ]
    listed = [page["recenttracks"]["track"] for page in pages]
    found = [one for page in listed for one in (page if isinstance(page, list) else [page])]
    assert [track["date"]["uts"] for track in found] == expected
    shapes = entries(sample("lastfm/recent_tracks.json")["recenttracks"]["track"])
    assert entries(found) <= shapes
    empty = tracks(client, user, to="1")
    assert shape(empty) == shape(sample("lastfm/recent_tracks_empty.json"))
    only_one = tracks(client, user, **{"from": expected[0]})
    assert shape(only_one) == shape(sample("lastfm/recent_tracks_single.json"))


@only("23=1")
def test_23_a_nowplaying_item_is_extra_and_pages_shift(client: Poller, world: World) -> None:
    user = account(world, "lastfm")
    answers: list[Any] = []
    while len(answers) < 2:
        answer = tracks(client, user, limit="5", page=str(1 + len(answers)))
        assert answer.get("error", 8) == 8
        answers += [answer] if "recenttracks" in answer else []
    first, second = (answer["recenttracks"]["track"] for answer in answers)
    assert len(first) == 6
    assert first[0]["@attr"] == {"nowplaying": "true"}
    assert "date" not in first[0]
    assert second[1] == first[-1]


@only("23=1")
def test_23_error_8_comes_with_500_or_400(client: Poller, world: World, clock: Clock) -> None:
    user, seen = account(world, "lastfm"), set()
    for hour in range(12):
        clock.set(START + 3600 * hour, running=False)
        answer = client.signed(method="user.getrecenttracks", user=user)
        seen.add((answer.status_code, answer.json()["error"]))
    assert seen == {(500, 8), (400, 8)}


def connected(client: Poller, provider: str, account: str) -> Any:
    return client._by_code(provider, account)


def test_listenbrainz_returns_the_oldest_after_min_ts_and_the_newest_without(
    browser: TestClient, client: Poller, world: World
) -> None:
    name = account(world, "listenbrainz")
    header = bearer(connected(client, "listenbrainz", name)["access_token"])
    starts = [play.started_at for play in known(world, "listenbrainz", name)]
    path = f"/listenbrainz/api/1/user/{name}/listens"

    def times(query: str) -> list[int]:
        answer = browser.get(path + query, headers=header).json()["payload"]
        assert answer["count"] == len(answer["listens"])
        return [listen["listened_at"] for listen in answer["listens"]]

    assert times("") == starts[::-1][:25]
    assert times(f"?count=3&min_ts={starts[4]}") == starts[5:8][::-1]
    assert times(f"?count=3&max_ts={starts[4]}") == starts[1:4][::-1]
    assert times(f"?min_ts={starts[-1]}") == []


def test_listenbrainz_responses_match_the_sample_bodies(
    browser: TestClient, client: Poller, world: World
) -> None:
    name = account(world, "listenbrainz")
    granted = connected(client, "listenbrainz", name)
    assert shape(granted) == shape(sample("listenbrainz/token.json"))
    header = bearer(granted["access_token"])
    path = f"/listenbrainz/api/1/user/{name}/listens"
    found = browser.get(path, headers=header).json()["payload"]
    expected = sample("listenbrainz/listens.json")["payload"]
    assert shape(found | {"listens": []}) == shape(expected | {"listens": []})
    ours, theirs = found["listens"][0], expected["listens"][0]
    assert shape(ours | {"track_metadata": 0}) == shape(theirs | {"track_metadata": 0})
    assert ours["track_metadata"].keys() == theirs["track_metadata"].keys()
    user = browser.get("/listenbrainz/accounts/oauth2/userinfo", headers=header).json()
    assert shape(user) == shape(sample("listenbrainz/userinfo.json"))
    nobody = browser.get("/listenbrainz/api/1/user/nobody/listens", headers=header)
    assert nobody.json() == {"code": 404, "error": "Cannot find user: nobody"}
    base = "/listenbrainz/accounts/oauth2"
    refused = browser.get(f"{base}/userinfo", headers=bearer("fake-token")).json()
    assert refused == sample("listenbrainz/unauthorized.json")


def test_listenbrainz_ignores_tokens_on_requests_for_listens(
    browser: TestClient, client: Poller, world: World
) -> None:
    name = account(world, "listenbrainz")
    path = f"/listenbrainz/api/1/user/{name}/listens"
    for authorization in ("Bearer fake-token", "Token fake-token", "nonsense"):
        assert browser.get(path, headers={"Authorization": authorization}).status_code == 200


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "Anything"])
def test_listenbrainz_validates_both_kinds_of_token_under_any_scheme(
    browser: TestClient, client: Poller, world: World, scheme: str
) -> None:
    name = account(world, "listenbrainz")
    access = connected(client, "listenbrainz", name)["access_token"]
    path = "/listenbrainz/api/1/validate-token"
    for token in (access, user_token(name)):
        answer = browser.get(path, headers={"Authorization": f"{scheme} {token}"}).json()
        assert (answer["valid"], answer["user_name"]) == (True, name)
    for guess in ("fake-token", "meba_fake-token"):
        assert browser.get(path, params={"token": guess}).json()["valid"] is False
    assert access.startswith("meba_")
    assert browser.get(path).status_code == 400


@only("23=1")
def test_listenbrainzs_current_song_has_no_time(browser: TestClient, world: World) -> None:
    name = account(world, "listenbrainz")
    answer = browser.get(f"/listenbrainz/api/1/user/{name}/playing-now").json()["payload"]
    (playing,) = answer["listens"]
    latest = world.songs[known(world, "listenbrainz", name)[-1].song]
    assert "listened_at" not in playing
    assert playing["track_metadata"]["additional_info"]["isrc"] == latest.isrc


def test_listenbrainz_counts_listens_and_has_no_import(browser: TestClient, world: World) -> None:
    name, api = account(world, "listenbrainz"), "/listenbrainz/api/1"
    count = browser.get(f"{api}/user/{name}/listen-count").json()
    imported = browser.get(f"{api}/latest-import", params={"user_name": name}).json()
    assert count == {"payload": {"count": len(known(world, "listenbrainz", name))}}
    assert imported == {"musicbrainz_id": name, "latest_import": 0}
    for path in ("user/nobody/listen-count", "user/nobody/playing-now", "latest-import"):
        assert browser.get(f"{api}/{path}").status_code == 404


def test_a_revoked_consent_ends_at_listenbrainz(
    browser: TestClient, client: Poller, world: World
) -> None:
    granted = connected(client, "listenbrainz", account(world, "listenbrainz"))
    form = CLIENT | {"token": granted["refresh_token"]}
    base = "/listenbrainz/accounts/oauth2"
    assert browser.post(f"{base}/revoke", data=form).status_code == 200
    renewal = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    refused = browser.post(f"{base}/token", data=CLIENT | renewal)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert browser.get(f"{base}/userinfo", headers=bearer(granted["access_token"])).is_error


@only("24=1")
def test_24_limits_with_headers_and_stale_answers(
    browser: TestClient, client: Poller, world: World, clock: Clock
) -> None:
    name = account(world, "listenbrainz")
    path = f"/listenbrainz/api/1/user/{name}/listens"
    limited = browser.get(path)
    assert limited.status_code == 429
    assert limited.json()["code"] == 429
    assert limited.headers["x-ratelimit-remaining"] == "0"
    assert 1 <= int(limited.headers["x-ratelimit-reset-in"]) <= 30
    browser.get(path)
    latest = known(world, "listenbrainz", name)[-1]
    clock.set(latest.known_at + 1799, running=False)
    stale = browser.get(path)
    assert stale.status_code in {200, 429}
    times = [
        listen["listened_at"]
        for answer in (browser.get(path) for _ in range(4))
        if answer.status_code == 200
        for listen in answer.json()["payload"]["listens"]
    ]
    assert times
    assert latest.started_at not in times


def test_the_partner_returns_pages_oldest_first(
    browser: TestClient, client: Poller, world: World
) -> None:
    user = account(world, "partner")
    granted = connected(client, "partner", user)
    assert shape(granted) == shape(sample("partner/token.json"))
    assert granted["user_id"] == user
    header = bearer(granted["access_token"])
    starts = [play.started_at for play in known(world, "partner", user)]
    path, query = f"/partner/api/third_party/{user}/listen", {"per_page": "5"}
    query |= {"since": str(starts[1]), "until": str(starts[9])}
    first = browser.get(path, params=query, headers=header).json()
    query["cursor"] = first["next_cursor"]
    second = browser.get(path, params=query, headers=header).json()
    told = [one["listened_at"] for page in (first, second) for one in page["listens"]]
    assert (told, second["next_cursor"]) == (starts[1:9], None)
    assert entries(first["listens"]) <= entries(sample("partner/listens.json")["listens"])


def test_the_partners_rotation_and_refusals_match_the_sample_bodies(
    browser: TestClient, client: Poller, world: World
) -> None:
    user = account(world, "partner")
    granted = connected(client, "partner", user)
    form = CLIENT | {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    renewed = browser.post("/partner/accounts/token", data=form).json()
    spent = browser.post("/partner/accounts/token", data=form)
    assert renewed["refresh_token"] != granted["refresh_token"]
    assert (spent.status_code, spent.json()) == (400, sample("partner/token_revoked.json"))
    path = f"/partner/api/third_party/{user}/listen"
    refused = browser.get(path, headers=bearer("fake-token"))
    assert (refused.status_code, refused.json()) == (401, sample("partner/unauthorized.json"))
    foreign = "/partner/api/third_party/nobody/listen"
    other = browser.get(foreign, headers=bearer(renewed["access_token"]))
    assert (other.status_code, other.json()) == (404, sample("partner/unknown_user.json"))
    browser.put("/world/faults/partner", json={"mode": "429", "retry_after": 7})
    limited = browser.get(path, headers=bearer(renewed["access_token"]))
    assert limited.json() == sample("partner/rate_limited.json")
    assert limited.headers["retry-after"] == "7"


def test_some_scrobble_what_they_play_at_spotify(world: World) -> None:
    scrobblers = [one for one in world.listeners if one.scrobbles]
    assert scrobblers
    for listener in scrobblers:
        assert set(listener.scrobbles) <= set(listener.accounts)
        for play in world.histories.of(listener):
            assert play.scrobbled_to == (listener.scrobbles if play.provider == "spotify" else ())
