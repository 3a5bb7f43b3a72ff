"""Our answers to the submission protocols, call by call beside those of Maloja."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cli.sandbox.deployment import sandbox
from cli.sandbox.gateway import Gateway, token_of
from cli.sandbox.people import NOON
from functions.scrobble.wiring import scrobbling
from tests.clients.exchanges import Answer, Call, Player, contains
from tests.clients.maloja import Maloja, maloja
from tests.clients.players import make_tokens
from topk.domain.owner import Owner
from topk.usecases.lists.aggregate import aggregate

DIFFERENCES = {
    "ListenBrainz: no JSON": "ListenBrainz answers in JSON; Maloja shows a page",
    "ListenBrainz: invalid token": "ListenBrainz says with the status 200 that it is not valid",
    "ListenBrainz: validation without token": "ListenBrainz answers 400",
    "Last.fm: wrong password": "Last.fm answers 403 with its error 4",
    "Last.fm: scrobble again": "Last.fm accepts a repetition; Maloja fails on it",
    "Last.fm: scrobbles": "Last.fm takes 50 scrobbles in array notation; Maloja fails on them",
    "Last.fm: no session": "for Last.fm, a parameter is missing, its error 6",
    "Last.fm: no such method": "Last.fm answers 400",
    "AudioScrobbler: wrong handshake": "every answer of the protocol has the status 200",
    "AudioScrobbler: now playing, unknown session": "as above",
    "AudioScrobbler: submission, unknown session": "as above",
    "AudioScrobbler: submission again": "a repetition is accepted; Maloja fails on it",
}
"""Calls that the two answer differently, and why."""
_ROOTS = {
    "ListenBrainz": ("", "/apis/listenbrainz"),
    "Last.fm": ("", "/apis/audioscrobbler"),
    "AudioScrobbler": ("/audioscrobbler", "/apis/audioscrobbler_legacy"),
}
_PATHS = (
    {"now playing": "/np_1.2", "submission": "/protocol_1.2"},
    {"now playing": "/nowplaying", "submission": "/scrobble"},
)
Send = Callable[[Call], Answer]
GATEWAY = Gateway()


@pytest.fixture(scope="module")
def player() -> Iterator[Player]:
    with sandbox():
        tokens = make_tokens(GATEWAY, "finn")
        yield Player("finn", tokens.personal, tokens.app["api_key"], tokens.app["api_secret"], NOON)


@pytest.fixture(scope="module")
def theirs(player: Player, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maloja]:
    folder = tmp_path_factory.mktemp("maloja") / "data"
    with maloja(folder, user=player.user, key=player.token) as server:
        yield server


@pytest.fixture(scope="module")
def answers(player: Player, theirs: Maloja) -> dict[str, tuple[Answer, Answer]]:
    """For each call, our answer and Maloja's."""

    def to_us(call: Call) -> Answer:
        reply = GATEWAY.call(
            call.method,
            _ROOTS[call.protocol][0] + call.path,
            headers=call.headers,
            body=call.body,
        )
        return reply.status, _content(reply.body)

    def to_them(call: Call) -> Answer:
        path = _ROOTS[call.protocol][1] + call.path
        reply = theirs.http.request(
            call.method, path, headers=dict(call.headers), content=call.body.encode()
        )
        return reply.status_code, _content(reply.content)

    ours, other = _all(player, to_us, _PATHS[0]), _all(player, to_them, _PATHS[1])
    assert ours.keys() == other.keys()
    return {title: (ours[title], other[title]) for title in ours}


def _all(player: Player, send: Send, paths: dict[str, str]) -> dict[str, Answer]:
    """The answers of one server to all calls, by their titles."""
    found: dict[str, Answer] = {}

    def ask(call: Call) -> Any:
        found[call.title] = (answer := send(call))
        return answer[1]

    for call in player.listenbrainz():
        ask(call)
    session = ask(player.sign_in())["session"]["key"]
    for call in (player.sign_in_by_digest(), player.sign_in("wrong"), *player.lastfm(session)):
        ask(call)
    lines = ask(player.handshake())
    for call in (player.handshake("wrong"), *player.audioscrobbler(lines[1], paths)):
        ask(call)
    return found


def _content(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode().splitlines()


def _same(ours: Answer, theirs: Answer) -> bool:
    if isinstance(ours[1], list) and isinstance(theirs[1], list):
        return ours[0] == theirs[0] and ours[1][:1] == theirs[1][:1]
    return ours[0] == theirs[0] and contains(ours[1], theirs[1])


def test_answers_are_those_of_maloja(answers: dict[str, tuple[Answer, Answer]]) -> None:
    differing = {title: both for title, both in answers.items() if not _same(*both)}
    unexpected = {title: both for title, both in differing.items() if title not in DIFFERENCES}
    assert unexpected == {}
    assert differing.keys() == DIFFERENCES.keys(), "a difference is none any more"


def test_both_store_the_same_plays(
    answers: dict[str, tuple[Answer, Answer]], player: Player, theirs: Maloja
) -> None:
    assert answers
    aggregate(Owner("harbor", player.user), scrobbling().lists, now=NOON, oldest=0)
    read = GATEWAY.call(
        "GET", "/1/user/finn/listens?count=100", headers={"authorization": f"Token {player.token}"}
    )
    ours = {
        (
            one["track_metadata"]["track_name"],
            one["track_metadata"]["artist_name"],
            one["listened_at"],
        )
        for one in read.json["payload"]["listens"]
    }
    assert ours == theirs.scrobbles
    top = GATEWAY.call("GET", "/v1/me/top?k=30", token=token_of("harbor", player.user))
    counts = {song["title"]: song["listen_count"] for song in top.json["songs"]}
    assert counts == theirs.counts
