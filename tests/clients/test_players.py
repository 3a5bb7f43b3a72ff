"""Other people's players and libraries push plays to the functions, unmodified."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.sandbox.deployment import sandbox
from cli.sandbox.gateway import Gateway
from cli.sandbox.people import NOON
from simulator.clock import Clock
from tests.clients.client import Client, node_flow, python_flow
from tests.clients.conftest import Flow
from tests.clients.front import Front
from tests.clients.players import HOSTS, Tokens, make_tokens, sandboxed

GATEWAY = Gateway()
LISTENS = [
    {
        "track_name": title,
        "artist_name": "The Lanterns",
        "release_name": "Harbour Lights",
        "listened_at": NOON - 86_400 - 300 * number,
        "additional_info": {"duration_ms": 200_000},
    }
    for number, title in enumerate(("Northern Light", "Paper Boats", "Slow River"))
]
TRACKS = [
    {
        "artist": one["artist_name"],
        "title": one["track_name"],
        "timestamp": one["listened_at"],
        "album": one["release_name"],
        "duration": 200,
    }
    for one in LISTENS
]


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    with sandbox(), Front(sandboxed(GATEWAY), tmp_path, HOSTS) as front:
        yield front


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    clock = Clock(tmp_path / "clock.json")
    clock.set(NOON, running=False)
    return clock


@pytest.fixture
def tokens(front: Front) -> Tokens:
    return make_tokens(GATEWAY, "finn")


@pytest.fixture
def liblistenbrainz(flow: Flow) -> Client:
    return flow(python_flow("liblistenbrainz_flow"))


@pytest.fixture
def pylast(flow: Flow) -> Client:
    return flow(python_flow("pylast_flow"))


def test_liblistenbrainz_submits_reads_and_deletes(liblistenbrainz: Client, tokens: Tokens) -> None:
    token = tokens.personal
    assert liblistenbrainz("validate", token=token) is True
    assert liblistenbrainz("validate", token="fake-token") is False
    for kind, listens in (("import", LISTENS), ("single", LISTENS[1:]), ("import", LISTENS[::-1])):
        assert liblistenbrainz("submit", token=token, listens=listens, kind=kind) == {
            "status": "ok"
        }
    playing = {name: one for name, one in LISTENS[0].items() if name != "listened_at"}
    accepted = liblistenbrainz("submit", token=token, listens=[playing], kind="playing_now")
    assert accepted == {"status": "ok"}

    read = liblistenbrainz("own", token=token, user="finn")
    assert read["count"] == 3
    assert [(one["title"], one["at"]) for one in read["listens"]] == [
        (one["track_name"], one["listened_at"]) for one in LISTENS
    ]

    assert liblistenbrainz("delete", token=token, user="finn", title="Paper Boats") == {
        "status": "ok"
    }
    left = liblistenbrainz("own", token=token, user="finn")
    assert [one["title"] for one in left["listens"]] == ["Northern Light", "Slow River"]


def test_listenbrainz_submit_submits(flow: Flow, liblistenbrainz: Client, tokens: Tokens) -> None:
    client = flow(python_flow("listenbrainz_submit_flow"))
    token = tokens.personal
    assert client("submit", token=token, listens=LISTENS[:1], kind="playing_now") == 200
    assert client("submit", token=token, listens=LISTENS, kind="single") == [200] * len(LISTENS)
    assert client("submit", token=token, listens=LISTENS[::-1], kind="import") == 200
    assert client("submit", token="fake-token", listens=LISTENS, kind="import") == 401
    read = liblistenbrainz("own", token=token, user="finn")
    assert [(one["title"], one["at"]) for one in read["listens"]] == [
        (one["track_name"], one["listened_at"]) for one in LISTENS
    ]


def test_liblistenbrainz_is_refused_as_by_its_server(
    liblistenbrainz: Client, tokens: Tokens
) -> None:
    unknown = liblistenbrainz("submit", token="fake-token", listens=LISTENS)
    foreign = liblistenbrainz("own", token=tokens.personal, user="anna")
    assert unknown == {"error": 401, "message": "Invalid authorization token."}
    assert foreign == {"error": 404, "message": "Cannot find user: anna"}


def test_pylast_signs_in_scrobbles_and_reads(pylast: Client, tokens: Tokens) -> None:
    app = tokens.app
    key = pylast("sign_in", app=app, user="finn", password=tokens.personal)
    assert len(key) == 32
    assert pylast("play", app=app, session_key=key, artist="The Lanterns", title="Dawn") is None
    for tracks in (TRACKS[:1], TRACKS, TRACKS[::-1]):
        assert pylast("scrobble", app=app, session_key=key, tracks=tracks) is None

    known = pylast("account", app=app, session_key=key)
    assert (known["name"], known["playcount"]) == ("finn", 3)
    read = pylast("history", app=app, user="finn", session_key=key, limit=None)
    assert read == [
        {
            "artist": one["artist"],
            "title": one["title"],
            "album": one["album"],
            "at": one["timestamp"],
        }
        for one in TRACKS
    ]


def test_pylast_gets_a_session_by_the_users_consent(pylast: Client, tokens: Tokens) -> None:
    app = tokens.app
    session = pylast("connect_with", app=app, personal_token=tokens.personal)
    assert session["name"] == "finn"
    key = session["session_key"]
    assert pylast("scrobble", app=app, session_key=key, tracks=TRACKS) is None
    refused = pylast("connect_with", app=app, personal_token="fake-token")
    assert refused["error"] == "14"


def test_pylast_is_refused_as_by_its_server(pylast: Client, tokens: Tokens) -> None:
    app = tokens.app
    key = pylast("sign_in", app=app, user="finn", password=tokens.personal)
    wrong = pylast("sign_in", app=app, user="finn", password="fake-token")
    forged = pylast("scrobble", app=app | {"api_secret": "x"}, session_key=key, tracks=TRACKS)
    unknown = pylast("scrobble", app=app, session_key="0" * 32, tracks=TRACKS)
    foreign = pylast("history", app=app, user="anna", session_key=key, limit=1)
    assert [one["error"] for one in (wrong, forged, unknown, foreign)] == ["4", "13", "9", "6"]


def test_npms_listenbrainz_submits(flow: Flow, liblistenbrainz: Client, tokens: Tokens) -> None:
    npm = flow(node_flow("listenbrainz_flow"))
    listens = [
        {
            "listened_at": one["listened_at"],
            "track_metadata": {
                name: one[name] for name in ("track_name", "artist_name", "release_name")
            },
        }
        for one in LISTENS
    ]
    assert npm("submit", token=tokens.personal, listens=listens, kind="import") == {"status": 200}
    read = liblistenbrainz("own", token=tokens.personal, user="finn")
    assert [one["at"] for one in read["listens"]] == [one["listened_at"] for one in LISTENS]
    assert "refused" in npm("submit", token="fake-token", listens=listens, kind="import")


def test_lastfm_ts_api_signs_in_and_scrobbles(flow: Flow, pylast: Client, tokens: Tokens) -> None:
    npm = flow(node_flow("lastfm_flow"))
    tracks = [
        {"artist": one["artist"], "track": one["title"], "timestamp": one["timestamp"]}
        for one in TRACKS
    ]
    given = {"app": tokens.app, "user": "finn"}
    done = npm("play", **given, password=tokens.personal, tracks=tracks)
    assert done["name"] == "finn"
    assert done["playing"]["nowplaying"]["track"]["#text"] == tracks[0]["track"]
    assert done["one"]["scrobbles"]["@attr"] == {"accepted": 1, "ignored": 0}
    assert done["many"]["scrobbles"]["@attr"] == {"accepted": 3, "ignored": 0}
    refused = npm("refused", **given, password="fake-token")
    assert refused["content"]["error"] == 4

    key = pylast("sign_in", app=tokens.app, user="finn", password=tokens.personal)
    read = pylast("history", app=tokens.app, user="finn", session_key=key, limit=None)
    assert [one["at"] for one in read] == [one["timestamp"] for one in TRACKS]
