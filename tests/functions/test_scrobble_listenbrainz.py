"""scrobble: personal tokens, and the protocol of ListenBrainz."""

import json
from typing import Any

import pytest

from cli.sandbox.people import NOON
from tests.functions.conftest import EVENTS, Stage
from topk.domain.limits import LARGEST_SCROBBLES_BODY, MOST_PERSONAL_TOKENS, MOST_SCROBBLE_CALLS
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles

ANNA = Owner("harbor", "anna")
OK = (200, {"status": "ok"})


def _event(fixture: str) -> Any:
    return json.loads((EVENTS / f"scrobble/{fixture}.json").read_text(encoding="utf-8"))


def _submitted(
    stage: Stage, body: Any, token: str = "fake-token-anna", *, tenant: str = "harbor"
) -> Any:
    event = _event("submit_single")
    event["headers"]["x-topk-host"] = f"{tenant}.topk.example"
    event["headers"]["authorization"] = f"Token {token}"
    event["body"] = body if isinstance(body, str) else json.dumps(body)
    answer = stage.call("scrobble", event)
    return answer["statusCode"], json.loads(answer["body"])


def _pushed() -> set[Play]:
    found = Plays(retention_days=35).since(ANNA, 0)
    return {play for _, plays in found for play in plays if play.provider == "scrobbler"}


def _listen(title: str, at: Any, **more: Any) -> dict[str, Any]:
    metadata = {"artist_name": "The Lanterns", "track_name": title, **more}
    return {"listened_at": at, "track_metadata": metadata}


# Tokens.


def test_a_token_is_shown_once_and_stored_as_a_hash(stage: Stage) -> None:
    status, made = stage.ask("scrobble/make_token")
    assert status == 201
    stored = PersonalTokens().of_owner(ANNA)
    assert made["token"] not in repr(stored)
    assert "fake-token-anna" not in repr(stored)
    _, listed = stage.ask("scrobble/tokens")
    assert [one["name"] for one in listed["tokens"]] == ["Phone", "Living room"]
    assert all("token" not in one for one in listed["tokens"])
    listen = {"listen_type": "single", "payload": [_listen("Dawn", NOON - 60)]}
    assert _submitted(stage, listen, made["token"]) == OK


def test_a_token_needs_a_name_and_their_number_is_limited(stage: Stage) -> None:
    assert stage.ask("scrobble/make_token_without_name")[0] == 400
    for _ in range(MOST_PERSONAL_TOKENS - 1):
        assert stage.ask("scrobble/make_token")[0] in {201, 429}
    event = _event("make_token")
    event["requestContext"]["timeEpoch"] += 300_000
    answer = stage.call("scrobble", event)
    assert answer["statusCode"] == 409


def test_a_revoked_token_ends_at_once(stage: Stage) -> None:
    assert stage.ask("scrobble/submit_single") == OK
    assert stage.ask("scrobble/revoke_token")[0] == 204
    assert stage.ask("scrobble/submit_single")[0] == 401
    assert stage.ask("scrobble/revoke_token")[0] == 404
    assert stage.ask("scrobble/tokens")[1]["tokens"] == []


def test_only_the_owner_revokes_a_token(stage: Stage) -> None:
    assert stage.ask("scrobble/revoke_token_of_another")[0] == 404
    assert stage.changed == {}


def test_last_use_and_todays_plays_are_shown(stage: Stage) -> None:
    _, before = stage.ask("scrobble/tokens")
    assert [one["last_used_at"] for one in before["tokens"]] == [None]
    listens = [_listen("Dawn", NOON - 60), _listen("Dawn", NOON - 86_400)]
    assert _submitted(stage, {"listen_type": "import", "payload": listens}) == OK
    _, after = stage.ask("scrobble/tokens")
    assert [one["last_used_at"] for one in after["tokens"]] == [NOON]
    assert after["plays_today"] == 1


def test_an_erased_users_token_is_refused_before_its_row_is_gone(stage: Stage) -> None:
    Profiles().mark_erasing(ANNA, "fake-receipt")
    assert stage.ask("scrobble/listens")[0] == 401
    assert stage.ask("scrobble/make_token")[0] == 404


def test_a_token_works_at_its_own_tenant_only(stage: Stage) -> None:
    body = {"listen_type": "single", "payload": [_listen("Dawn", NOON - 60)]}
    assert _submitted(stage, body, tenant="meadow")[0] == 401
    assert _pushed() == set()


# Submissions.


def test_a_listen_becomes_a_play_that_began_when_the_player_says(stage: Stage) -> None:
    assert stage.ask("scrobble/submit_single") == OK
    (play,) = _pushed()
    assert (play.listened_at, play.precision) == (NOON - 86_400, Precision.EXACT)
    assert (play.track.title, play.track.artists) == ("Northern Light", ("The Lanterns",))
    assert (play.track.album, play.track.duration) == ("Harbour Lights", 200)


@pytest.mark.parametrize("fixture", ["submit_import", "submit_lower_case"])
def test_every_kind_and_any_case_of_the_scheme_is_accepted(stage: Stage, fixture: str) -> None:
    assert stage.ask(f"scrobble/{fixture}") == OK


def test_repeated_reordered_and_split_calls_add_nothing(stage: Stage) -> None:
    stage.play("scrobble/submit_import")
    _, first = stage.ask("scrobble/listen_count")
    for fixture in ("submit_import", "submit_single", "submit_lower_case"):
        stage.play(f"scrobble/{fixture}")
    payload = json.loads(_event("submit_import")["body"])["payload"]
    assert _submitted(stage, {"listen_type": "import", "payload": payload[::-1]}) == OK
    assert first == {"payload": {"count": 2}}
    assert stage.ask("scrobble/listen_count")[1] == first


def test_valid_listens_of_a_call_are_kept_and_the_others_named(stage: Stage) -> None:
    status, body = stage.ask("scrobble/submit_partly")
    assert status == 200
    assert [one["index"] for one in body["rejected"]] == [1, 2, 3]
    assert "artist_name" in body["rejected"][0]["error"]
    assert body["rejected"][1]["error"] == "Value for key listened_at is too high."
    assert "35 days" in body["rejected"][2]["error"]
    assert {play.track.title for play in _pushed()} == {"Northern Light"}


def test_playing_now_is_accepted_and_not_stored(stage: Stage) -> None:
    status, body = stage.ask("scrobble/submit_playing_now")
    assert (status, body["status"], len(body["recording_msid"])) == (200, "ok", 36)
    assert set(stage.changed) == {"personal_tokens"}, "the token's last use"
    _, shown = stage.ask("scrobble/playing_now")
    assert shown["payload"] == {
        "count": 0,
        "listens": [],
        "playing_now": True,
        "user_id": "anna",
    }


@pytest.mark.parametrize(
    ("fixture", "status", "message"),
    [
        ("submit_unknown_token", 401, "Invalid authorization token."),
        ("submit_without_token", 401, "You need to provide an Authorization header."),
        ("submit_malformed", 400, "Cannot parse JSON document"),
        ("submit_too_many", 413, "Too many listens."),
        (
            "submit_invalid",
            400,
            "JSON document does not contain required field track_metadata.artist_name.",
        ),
        ("validate_without_token", 400, "You need to provide an Authorization token."),
        ("listens_of_another", 404, "Cannot find user: ben"),
    ],
)
def test_refusals_are_the_servers(stage: Stage, fixture: str, status: int, message: str) -> None:
    answered, body = stage.ask(f"scrobble/{fixture}")
    assert (answered, body["code"]) == (status, status)
    assert body["error"].startswith(message)
    assert _pushed() == set()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "Invalid JSON document submitted. Top level"),
        ({"listen_type": "single"}, "Invalid JSON document submitted."),
        ({"listen_type": "single", "payload": {}}, "The payload in the JSON document"),
        ({"listen_type": "single", "payload": []}, "JSON document does not contain any listens"),
        ({"listen_type": "love", "payload": [1]}, "JSON document requires a valid listen_type"),
        ({"listen_type": "single", "payload": [1, 2]}, "JSON document contains more than listen"),
        ({"listen_type": "single", "payload": [None]}, "Listen is empty"),
        (
            {"listen_type": "single", "payload": [{**_listen("a", NOON), "user": "ben"}]},
            "JSON document may only contain listened_at and track_metadata",
        ),
        (
            {"listen_type": "playing_now", "payload": [_listen("a", NOON)]},
            "JSON document must not contain listened_at",
        ),
        (
            {"listen_type": "single", "payload": [_listen("a", "yesterday")]},
            "JSON document must contain an int value for listened_at.",
        ),
        (
            {"listen_type": "single", "payload": [_listen("a", 1_000_000)]},
            "Value for key listened_at is too low.",
        ),
        ({"listen_type": "single", "payload": [_listen(" ", NOON)]}, "field track_metadata"),
        ({"listen_type": "single", "payload": [_listen("a\0", NOON)]}, "a value contains"),
        (
            {
                "listen_type": "single",
                "payload": [_listen("a", NOON, additional_info={"duration": -1})],
            },
            "Value for duration is invalid",
        ),
        (
            {
                "listen_type": "single",
                "payload": [
                    _listen("a", NOON, additional_info={"duration": 1, "duration_ms": 1000})
                ],
            },
            "JSON document should not contain both",
        ),
        (
            {
                "listen_type": "single",
                "payload": [_listen("a", NOON, additional_info={"recording_mbid": "x"})],
            },
            "recording_mbid MBID format invalid.",
        ),
    ],
)
def test_invalid_documents_get_the_servers_messages(stage: Stage, body: Any, message: str) -> None:
    status, answered = _submitted(stage, body)
    assert (status, answered["code"]) == (400, 400)
    assert answered["error"].startswith(message)
    assert _pushed() == set()


def test_a_body_that_is_too_large_is_refused(stage: Stage) -> None:
    status, _ = _submitted(stage, " " * (LARGEST_SCROBBLES_BODY + 1))
    assert status == 413


def test_numbers_that_players_write_as_text_are_read(stage: Stage) -> None:
    listen = _listen("Dawn", str(NOON - 60), additional_info={"duration": "180.4", "tags": None})
    assert _submitted(stage, {"listen_type": "single", "payload": [listen]}) == OK
    (play,) = _pushed()
    assert (play.listened_at, play.track.duration) == (NOON - 60, 180)


# Reads.


def test_a_token_is_validated(stage: Stage) -> None:
    assert stage.ask("scrobble/validate_token") == (
        200,
        {"code": 200, "message": "Token valid.", "valid": True, "user_name": "anna"},
    )
    assert stage.ask("scrobble/validate_unknown_token") == (
        200,
        {"code": 200, "message": "Token invalid.", "valid": False},
    )


def test_listens_are_read_latest_first_within_their_bounds(stage: Stage) -> None:
    times = [NOON - 1000 * number for number in range(1, 6)]
    payload = [_listen(f"Song {at}", at) for at in times]
    assert _submitted(stage, {"listen_type": "import", "payload": payload}) == OK

    def asked(**query: str) -> list[int]:
        event = _event("listens") | {"queryStringParameters": query}
        answer = json.loads(stage.call("scrobble", event)["body"])
        shown = answer["payload"]["listens"]
        assert answer["payload"]["count"] == len(shown)
        return [one["listened_at"] for one in shown]

    assert asked() == times
    assert asked(count="2") == times[:2]
    assert asked(max_ts=str(times[1])) == times[2:]
    assert asked(min_ts=str(times[3]), count="2") == times[1:3], "those that follow"
    assert asked(min_ts=str(times[4]), max_ts=str(times[0])) == times[1:4]


@pytest.mark.parametrize(
    "query", [{"count": "many"}, {"max_ts": "now"}, {"count": "-1"}, {"min_ts": "9", "max_ts": "3"}]
)
def test_invalid_bounds_are_refused(stage: Stage, query: dict[str, str]) -> None:
    answer = stage.call("scrobble", _event("listens") | {"queryStringParameters": query})
    assert answer["statusCode"] == 400


def test_a_listen_is_deleted_by_its_time_and_recording(stage: Stage) -> None:
    stage.play("scrobble/submit_import")
    assert stage.ask("scrobble/delete_listen") == OK
    assert {play.track.title for play in _pushed()} == {"Paper Boats"}
    _, listens = stage.ask("scrobble/listens")
    assert listens["payload"]["count"] == 1


def test_the_latest_import_is_kept(stage: Stage) -> None:
    assert stage.ask("scrobble/latest_import")[1]["latest_import"] == 0
    assert stage.ask("scrobble/note_import") == OK
    earlier = _event("note_import") | {"body": json.dumps({"ts": 1})}
    assert stage.call("scrobble", earlier)["statusCode"] == 200
    _, shown = stage.ask("scrobble/latest_import")
    assert (shown["latest_import"], shown["musicbrainz_id"]) == (NOON - 3600, "anna")


def test_calls_are_limited_and_the_headers_say_so(stage: Stage) -> None:
    for number in range(MOST_SCROBBLE_CALLS):
        answer = stage.play("scrobble/listen_count")
        assert answer["statusCode"] == 200
        assert answer["headers"]["x-ratelimit-remaining"] == str(MOST_SCROBBLE_CALLS - number - 1)
    refused = stage.play("scrobble/listen_count")
    assert refused["statusCode"] == 429
    assert refused["headers"]["x-ratelimit-limit"] == str(MOST_SCROBBLE_CALLS)
    assert int(refused["headers"]["x-ratelimit-reset"]) == NOON + int(
        refused["headers"]["x-ratelimit-reset-in"]
    )
    later = _event("listen_count")
    later["requestContext"]["timeEpoch"] += 10_000
    assert stage.call("scrobble", later)["statusCode"] == 200
