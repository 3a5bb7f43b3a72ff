"""Unmodified players against the deployed service: what they push is in the list at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People, Person
from simulator.clock import Clock
from tests.clients.client import Client, node_flow, python_flow
from tests.clients.front import Front
from tests.clients.mpd import ALBUM, ARTIST, SONG_SECONDS, Mpd, require_players
from tests.clients.players import HOSTS, Tokens, forwarding
from tests.waiting import eventually
from topk.domain.play import Track
from topk.domain.song.identity import song_id

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]
DAY = 86_400
SECONDS_TO_THE_LIST = 5
TITLES = ("Northern Light", "Paper Boats", "Slow River")


@pytest.fixture
def person(people: People) -> Person:
    return next(one for one in people.everyone if one.tenant == "harbor")


@pytest.fixture
def now(people: People) -> int:
    return int(people.world("GET", "clock")["now"])


@pytest.fixture
def tokens(people: People, person: Person) -> Iterator[Tokens]:
    """What is pushed with them is deleted afterwards: other tests know the person's plays."""
    made = people.expect(person, "POST", "/v1/me/tokens", {"name": "Player"})
    shown = people.expect(person, "GET", "/v1/me/tokens")
    app = {"api_key": shown["lastfm_api_key"], "api_secret": shown["lastfm_shared_secret"]}
    known = {song["song_id"] for song in _songs(people, person)}
    yield Tokens(made["token"], app)
    for song in {one["song_id"] for one in _songs(people, person)} - known:
        assert people.call(person, "DELETE", f"/v1/me/plays/songs/{song}").status_code == 204


@pytest.fixture
def front(stack: LocalStack, tmp_path: Path) -> Iterator[Front]:
    with Front(forwarding(stack.api_urls["harbor"]), tmp_path, HOSTS) as front:
        yield front


@pytest.fixture
def clock(tmp_path: Path, now: int) -> Clock:
    clock = Clock(tmp_path / "clock.json")
    clock.set(now, running=False)
    return clock


def test_what_players_push_by_every_protocol_counts_once_and_at_once(
    people: People, person: Person, tokens: Tokens, front: Front, clock: Clock, now: int
) -> None:
    liblistenbrainz = Client(python_flow("liblistenbrainz_flow"), front, clock)
    pylast = Client(python_flow("pylast_flow"), front, clock)
    lastfm_ts_api = Client(node_flow("lastfm_flow"), front, clock)
    npms_listenbrainz = Client(node_flow("listenbrainz_flow"), front, clock)
    artist = f"The Lanterns {tokens.personal[:8]}"
    began = {title: now - DAY - 400 * number for number, title in enumerate(TITLES)}
    listens = [
        {"track_name": title, "artist_name": artist, "listened_at": at}
        for title, at in began.items()
    ]
    tracks = [{"artist": artist, "title": title, "timestamp": at} for title, at in began.items()]

    accepted = liblistenbrainz("submit", token=tokens.personal, listens=listens)
    assert accepted == {"status": "ok"}
    eventually(
        lambda: _counts(people, person, artist) == dict.fromkeys(TITLES, 1),
        within=SECONDS_TO_THE_LIST,
    )

    session = pylast("connect_with", app=tokens.app, personal_token=tokens.personal)
    key = pylast("sign_in", app=tokens.app, user=person.user, password=tokens.personal)
    assert session["name"] == person.user
    for one in (session["session_key"], key):
        assert pylast("scrobble", app=tokens.app, session_key=one, tracks=tracks) is None
    again = [
        {"artist": one["artist"], "track": one["title"], "timestamp": one["timestamp"]}
        for one in tracks
    ]
    given = {"app": tokens.app, "user": person.user, "password": tokens.personal}
    done = lastfm_ts_api("play", **given, tracks=again)
    assert done["many"]["scrobbles"]["@attr"] == {"accepted": 3, "ignored": 0}
    of_npm = [
        {
            "listened_at": one["listened_at"],
            "track_metadata": {"track_name": one["track_name"], "artist_name": artist},
        }
        for one in listens
    ]
    sent = npms_listenbrainz("submit", token=tokens.personal, listens=of_npm, kind="import")
    assert sent == {"status": 200}

    submit = Client(python_flow("listenbrainz_submit_flow"), front, clock)
    # It sends an absent release as null, which the real server refuses too.
    released = [{**one, "release_name": ALBUM} for one in listens]
    assert submit("submit", token=tokens.personal, listens=released, kind="import") == 200

    later = {"artist": artist, "title": TITLES[0], "timestamp": now - 2 * DAY}
    assert pylast("scrobble", app=tokens.app, session_key=key, tracks=[later]) is None
    eventually(
        lambda: _counts(people, person, artist) == {**dict.fromkeys(TITLES, 1), TITLES[0]: 2},
        within=SECONDS_TO_THE_LIST,
    )
    read = liblistenbrainz("own", token=tokens.personal, user=person.user)
    assert read["count"] == len(TITLES) + 1


def test_mpdscribble_pushes_what_mpd_played(
    people: People,
    person: Person,
    tokens: Tokens,
    stack: LocalStack,
    front: Front,
    clock: Clock,
    now: int,
    tmp_path: Path,
) -> None:
    require_players()
    liblistenbrainz = Client(python_flow("liblistenbrainz_flow"), front, clock)
    url = f"{stack.api_urls[person.tenant]}/audioscrobbler/"
    folder = tmp_path / "mpd"
    folder.mkdir()

    def stored() -> list[str]:
        read = liblistenbrainz("own", token=tokens.personal, user=person.user)
        return [one["title"] for one in read["listens"] if one["release"] == ALBUM]

    with Mpd(folder, url, person.user, tokens.personal, TITLES, now) as mpd:
        for seconds in (SONG_SECONDS - 5, 5, SONG_SECONDS - 5):
            mpd.listen(seconds)
        mpd.stop_playing()
        eventually(lambda: stored() == [TITLES[2], TITLES[0]], within=60)
    # Played today, so on no list yet by which `tokens` would delete them.
    for title in (TITLES[2], TITLES[0]):
        song = song_id(Track("", title, (ARTIST,)))
        assert people.call(person, "DELETE", f"/v1/me/plays/songs/{song}").status_code == 204


def _counts(people: People, person: Person, artist: str) -> dict[str, int]:
    songs = _songs(people, person)
    return {one["title"]: one["listen_count"] for one in songs if artist in one["singers"]}


def _songs(people: People, person: Person) -> list[dict[str, Any]]:
    songs: list[dict[str, Any]] = people.expect(person, "GET", "/v1/me/top?k=30")["songs"]
    return songs
