"""The week of pushes: what players send, and how a wrong list is noticed."""

from collections import Counter
from typing import Any

import httpx2
import pytest

from cli.failure import CommandFailedError
from cli.sandbox.deployment import sandbox
from cli.sandbox.gateway import Gateway
from cli.sandbox.people import NOON
from cli.studies.demonstration.players import PROTOCOLS, Listened, Player
from cli.studies.demonstration.pushed import fault
from tests.clients.players import make_tokens

GATEWAY = Gateway()
LISTENED = [
    Listened(NOON - 4000, "Northern Light", "The Lanterns", 200, 200, counts=True),
    Listened(NOON - 3000, "Paper Boats", "The Lanterns", 200, 12, counts=False),
    Listened(NOON - 2000, "Slow River", "The Lanterns", 200, 110, counts=True),
]
EXPECTED = Counter({("Dawn", "A"): 3, ("Dusk", "B"): 1})


def _http() -> httpx2.Client:
    def answer(request: httpx2.Request) -> httpx2.Response:
        reply = GATEWAY.call(
            request.method,
            request.url.raw_path.decode(),
            headers=dict(request.headers),
            body=request.content,
        )
        return httpx2.Response(reply.status, headers=dict(reply.headers), content=reply.body)

    return httpx2.Client(transport=httpx2.MockTransport(answer))


def _app(app: dict[str, str]) -> dict[str, str]:
    return {"lastfm_api_key": app["api_key"], "lastfm_shared_secret": app["api_secret"]}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_player_pushes_what_counts_by_every_protocol(protocol: str) -> None:
    with sandbox(), _http() as http:
        tokens = make_tokens(GATEWAY, "finn")
        player = Player(
            http, "https://api.example", "finn", tokens.personal, _app(tokens.app), protocol
        )
        player.push(LISTENED, now=NOON)
        token = {"authorization": f"Token {tokens.personal}"}
        read = GATEWAY.call("GET", "/1/user/finn/listens", headers=token).json
        shown = [one["track_metadata"]["track_name"] for one in read["payload"]["listens"]]
        assert shown == ["Slow River", "Northern Light"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_refused_push_ends_the_run(protocol: str) -> None:
    with sandbox(), _http() as http:
        app = _app(make_tokens(GATEWAY, "finn").app)
        player = Player(http, "https://api.example", "finn", "fake-token", app, protocol)
        with pytest.raises(CommandFailedError, match="finn: "):
            player.push(LISTENED, now=NOON)


def _song(title: str, singer: str, count: int) -> dict[str, Any]:
    return {"title": title, "singers": [singer], "listen_count": count}


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([_song("Dawn", "A", 3), _song("Dusk", "B", 1)], ""),
        ([_song("Dawn", "A", 2), _song("Dusk", "B", 1)], "counts 2 instead of 3"),
        ([_song("Dawn", "A", 3)], "1 songs of 2"),
        ([_song("Dawn", "A", 3), _song("Rain", "B", 1)], "counts 1 instead of 0"),
    ],
)
def test_a_wrong_list_is_noticed(shown: list[dict[str, Any]], expected: str) -> None:
    found = fault(shown, EXPECTED)
    assert expected in found if expected else found == ""
