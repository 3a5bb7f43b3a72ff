"""scrobble: the protocols of Last.fm and AudioScrobbler 1.2."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.dom.minidom import Document, Text, parseString

import pytest

from cli.sandbox.people import NOON
from tests.functions.conftest import EVENTS, Stage
from topk.domain.account.personal_token import md5
from topk.domain.limits import MOST_SCROBBLES
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays

ANNA = Owner("harbor", "anna")


def _event(fixture: str) -> Any:
    return json.loads((EVENTS / f"scrobble/{fixture}.json").read_text(encoding="utf-8"))


def _secret(stage: Stage) -> str:
    secret: str = stage.ask("scrobble/tokens")[1]["lastfm_shared_secret"]
    return secret


def _called(stage: Stage, fixture: str, **changed: str | None) -> Any:
    """The response to the form of `fixture`, changed and signed again."""
    event = _event(fixture)
    params = dict(parse_qsl(event["body"], keep_blank_values=True)) | changed
    given = {name: value for name, value in params.items() if value is not None}
    given.pop("api_sig", None)
    signed = "".join(name + given[name] for name in sorted(given) if name != "format")
    event["body"] = urlencode({**given, "api_sig": md5(signed + _secret(stage))})
    return stage.call("scrobble", event)


def _xml(answer: Any) -> Document:
    assert answer["headers"]["content-type"] == "text/xml; charset=utf-8"
    return parseString(answer["body"])


def _text(document: Document, name: str) -> str:
    nodes = document.getElementsByTagName(name)[0].childNodes
    return "".join(one.data for one in nodes if isinstance(one, Text))


def _error(answer: Any) -> int:
    return int(_xml(answer).getElementsByTagName("error")[0].getAttribute("code"))


def _pushed() -> set[Play]:
    found = Plays(retention_days=35).since(ANNA, 0)
    return {play for _, plays in found for play in plays if play.provider == "scrobbler"}


# Sessions.


def test_a_personal_token_is_a_password_in_both_forms(stage: Stage) -> None:
    by_digest = _text(_xml(stage.play("scrobble/mobile_session")), "key")
    status, by_password = stage.ask("scrobble/mobile_session_password")
    assert status == 200
    assert by_password["session"] == {"name": "anna", "key": by_digest, "subscriber": "0"}
    accepted = _called(stage, "scrobble", sk=by_digest)
    assert accepted["statusCode"] == 200
    assert len(_pushed()) == 1


def test_a_wrong_password_gives_no_session(stage: Stage) -> None:
    assert _error(stage.play("scrobble/mobile_session_wrong")) == 4
    for username in ("ben", "nobody", "#", "anna#", "a" * 200):
        assert _error(_called(stage, "mobile_session", username=username)) == 4
    assert stage.changed == {}


def test_a_player_gets_its_session_once_after_the_users_consent(stage: Stage) -> None:
    assert _error(stage.play("scrobble/get_session")) == 14
    page = stage.play("scrobble/consent_page")
    assert (page["statusCode"], page["headers"]["content-type"]) == (
        200,
        "text/html; charset=utf-8",
    )
    assert stage.play("scrobble/consent_wrong")["statusCode"] == 403
    assert _error(stage.play("scrobble/get_session")) == 14
    assert stage.play("scrobble/consent")["statusCode"] == 200
    key = _text(_xml(stage.play("scrobble/get_session")), "key")
    assert _error(stage.play("scrobble/get_session")) == 14
    assert _called(stage, "scrobble", sk=key)["statusCode"] == 200
    _, listed = stage.ask("scrobble/tokens")
    assert [(one["kind"], one["name"]) for one in listed["tokens"]] == [
        ("token", "Phone"),
        ("session", "Last.fm player"),
    ]


def test_a_request_for_consent_expires(stage: Stage) -> None:
    for fixture, answered in (("get_session", 403), ("consent_page", 403), ("consent", 403)):
        event = _event(fixture)
        event["requestContext"]["timeEpoch"] += 3_600_000
        assert stage.call("scrobble", event)["statusCode"] == answered
    assert stage.play("scrobble/consent_page_broken")["statusCode"] == 403
    assert len(PersonalTokens().of_owner(ANNA)) == 1


def test_a_request_token_is_new_each_time_and_works_on_the_page(stage: Stage) -> None:
    tokens = {stage.ask("scrobble/get_token")[1]["token"] for _ in range(3)}
    assert {len(token) for token in tokens} == {32}
    assert len(tokens) == 3
    event = _event("consent_page")
    for token in tokens:
        event["queryStringParameters"]["token"] = token
        assert stage.call("scrobble", event)["statusCode"] == 200


# Scrobbles.


def test_a_scrobble_becomes_a_play_that_began_at_its_timestamp(stage: Stage) -> None:
    document = _xml(stage.play("scrobble/scrobble"))
    scrobbles = document.getElementsByTagName("scrobbles")[0]
    assert (scrobbles.getAttribute("accepted"), scrobbles.getAttribute("ignored")) == ("1", "0")
    assert _text(document, "track") == "Northern Light"
    (play,) = _pushed()
    assert (play.listened_at, play.precision) == (NOON - 86_400, Precision.EXACT)
    assert (play.track.artists, play.track.album) == (("The Lanterns",), "Harbour Lights")
    assert play.track.duration == 200


def test_each_of_many_scrobbles_is_accepted_corrected_or_ignored(stage: Stage) -> None:
    status, body = stage.ask("scrobble/scrobble_many")
    assert status == 200
    assert body["scrobbles"]["@attr"] == {"accepted": 2, "ignored": 3}
    found = body["scrobbles"]["scrobble"]
    assert [one["ignoredMessage"]["code"] for one in found] == ["0", "0", "2", "4", "3"]
    assert found[1]["track"] == {"corrected": "1", "#text": "Paper Boats"}
    assert found[1]["artist"] == {"corrected": "0", "#text": "The Lanterns"}
    assert {play.track.title for play in _pushed()} == {"Northern Light", "Paper Boats"}


def test_the_same_play_by_another_protocol_is_one(stage: Stage) -> None:
    stage.play("scrobble/scrobble")
    stage.play("scrobble/submit_single")
    stage.play("scrobble/submission")
    _, counted = stage.ask("scrobble/listen_count")
    assert counted["payload"]["count"] == 1, "the submission's session does not exist yet"


def test_now_playing_is_accepted_and_not_stored(stage: Stage) -> None:
    document = _xml(stage.play("scrobble/now_playing"))
    assert _text(document, "track") == "Northern Light"
    assert _pushed() == set()


@pytest.mark.parametrize(
    ("fixture", "code", "status"),
    [
        ("scrobble_forged", 13, 403),
        ("scrobble_unknown_key", 10, 403),
        ("scrobble_unknown_session", 9, 403),
        ("scrobble_by_get", 6, 400),
        ("recent_tracks_of_another", 6, 404),
        ("unknown_method", 3, 400),
    ],
)
def test_refusals_are_the_servers(stage: Stage, fixture: str, code: int, status: int) -> None:
    answer = stage.play(f"scrobble/{fixture}")
    assert (_error(answer), answer["statusCode"]) == (code, status)
    assert _pushed() == set()


def test_a_call_without_what_it_needs_is_refused(stage: Stage) -> None:
    assert _error(_called(stage, "scrobble", sk=None)) == 6
    assert _error(_called(stage, "scrobble", artist=None, track=None, timestamp=None)) == 6
    assert _error(_called(stage, "now_playing", track="")) == 6
    assert _error(_called(stage, "user_info", sk=None)) == 17
    many = {f"artist[{number}]": "a" for number in range(MOST_SCROBBLES + 1)}
    assert _error(_called(stage, "scrobble", **many)) == 6
    assert _pushed() == set()


def test_errors_in_json_have_the_servers_form(stage: Stage) -> None:
    answer = _called(stage, "scrobble", format="json", sk="0" * 32)
    assert json.loads(answer["body"]) == {
        "error": 9,
        "message": "Invalid session key - Please re-authenticate",
    }


def test_a_key_works_at_its_own_tenant_only(stage: Stage) -> None:
    event = _event("scrobble")
    event["headers"]["x-topk-host"] = "meadow.topk.example"
    assert _error(stage.call("scrobble", event)) == 10


# Reads.


def test_a_user_reads_their_own_tracks(stage: Stage) -> None:
    stage.play("scrobble/scrobble_many")
    document = _xml(stage.play("scrobble/user_info"))
    assert (_text(document, "name"), _text(document, "playcount")) == ("anna", "2")
    _, body = stage.ask("scrobble/recent_tracks")
    recent = body["recenttracks"]
    assert recent["@attr"] == {
        "user": "anna",
        "page": "1",
        "perPage": "2",
        "totalPages": "1",
        "total": "2",
    }
    assert [one["name"] for one in recent["track"]] == ["Paper Boats", "Northern Light"]
    assert recent["track"][0]["date"]["uts"] == str(NOON - 86_000)


# AudioScrobbler 1.2.


def test_a_player_shakes_hands_and_submits(stage: Stage) -> None:
    answer = stage.play("scrobble/handshake")
    ok, key, now_playing, submission, _ = answer["body"].split("\n")
    assert (ok, len(key)) == ("OK", 32)
    assert now_playing.endswith("/audioscrobbler/np_1.2")
    assert submission.endswith("/audioscrobbler/protocol_1.2")
    for fixture in ("submission_now_playing", "submission", "submission"):
        assert stage.play(f"scrobble/{fixture}")["body"] == "OK\n"
    assert {play.track.title for play in _pushed()} == {"Northern Light", "Paper Boats"}
    _, counted = stage.ask("scrobble/listen_count")
    assert counted["payload"]["count"] == 2


@pytest.mark.parametrize(
    ("fixture", "line"),
    [
        ("handshake_wrong", "BADAUTH"),
        ("handshake_late", "BADTIME"),
        ("submission_unknown_session", "BADSESSION"),
    ],
)
def test_a_player_is_refused_in_its_first_line(stage: Stage, fixture: str, line: str) -> None:
    answer = stage.play(f"scrobble/{fixture}")
    assert (answer["statusCode"], answer["body"]) == (200, f"{line}\n")
    assert stage.changed == {}


def test_a_session_of_the_web_service_shakes_hands_too(stage: Stage) -> None:
    event = _event("handshake")
    _, shown = stage.ask("scrobble/tokens")
    event["queryStringParameters"] |= {
        "sk": "fake-token-anna",
        "api_key": shown["lastfm_api_key"],
        "a": md5(shown["lastfm_shared_secret"] + str(NOON)),
    }
    assert stage.call("scrobble", event)["body"].startswith("OK\nfake-token-anna\n")


def test_invalid_submissions_are_dropped_and_valid_ones_kept(stage: Stage) -> None:
    stage.play("scrobble/handshake")
    event = _event("submission")
    params = dict(parse_qsl(event["body"], keep_blank_values=True))
    event["body"] = urlencode(params | {"a[1]": "", "a[2]": "x", "t[2]": "y", "i[2]": "soon"})
    assert stage.call("scrobble", event)["body"] == "OK\n"
    assert {play.track.title for play in _pushed()} == {"Northern Light"}
    event["body"] = urlencode({"s": params["s"]})
    assert stage.call("scrobble", event)["body"].startswith("FAILED ")
