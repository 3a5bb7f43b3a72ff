"""Debian's mpdscribble pushes what mpd plays to the functions, by AudioScrobbler 1.2."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.sandbox.deployment import sandbox
from cli.sandbox.gateway import Gateway
from cli.sandbox.people import NOON
from tests.clients.front import Front
from tests.clients.mpd import ALBUM, ARTIST, SONG_SECONDS, Mpd, require_players
from tests.clients.players import make_tokens, sandboxed
from tests.waiting import eventually

GATEWAY = Gateway()
TITLES = ("Northern Light", "Paper Boats", "Slow River")


@pytest.fixture
def front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    require_players()
    with Front(sandboxed(GATEWAY), tmp_path) as front, sandbox():
        monkeypatch.setenv("PUBLIC_URL", f"http://127.0.0.1:{front.port}")
        yield front


def _shown(token: str) -> list[tuple[str, str, str, int]]:
    read = GATEWAY.call("GET", "/1/user/finn/listens", headers={"authorization": f"Token {token}"})
    listens = json.loads(read.body)["payload"]["listens"]
    return [
        (
            one["track_metadata"]["track_name"],
            one["track_metadata"]["artist_name"],
            one["track_metadata"]["release_name"],
            one["track_metadata"]["additional_info"]["duration"],
        )
        for one in listens
    ]


def test_mpdscribble_pushes_what_was_played_and_not_what_was_skipped(
    front: Front, tmp_path: Path
) -> None:
    token = make_tokens(GATEWAY, "finn").personal
    url = f"http://127.0.0.1:{front.port}/audioscrobbler/"
    (tmp_path / "mpd").mkdir()
    with Mpd(tmp_path / "mpd", url, "finn", token, TITLES, NOON) as mpd:
        mpd.listen(SONG_SECONDS - 5)
        mpd.listen(5)
        mpd.listen(SONG_SECONDS - 5)
        mpd.stop_playing()
        expected = [(title, ARTIST, ALBUM, SONG_SECONDS) for title in (TITLES[2], TITLES[0])]
        eventually(lambda: _shown(token) == expected, within=30)
        assert "BADAUTH" not in mpd.log
