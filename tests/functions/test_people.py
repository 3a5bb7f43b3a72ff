"""What the host app says about users: who stores it, who sees it, and where it ends."""

import json
from typing import Any

import boto3
import pytest

from tests.functions.conftest import EVENTS, Stage, with_claims
from topk.domain.limits import LARGEST_ADDRESS, LARGEST_BODY, LARGEST_PEOPLE_BODY

ANNA = {"name": "Anna Lindqvist", "portrait": "https://pictures.harbor.example/anna.webp"}
UNNAMED = {"name": None, "portrait": None}


def test_lists_show_what_was_sent(stage: Stage) -> None:
    assert stage.ask("account/people") == (200, {"stored": 3, "refused": []})
    assert stage.changed == {"profiles": ["harbor#anna", "harbor#carla", "harbor#nobody"]}
    for fixture in ("read/top", "read/top_artists", "read/top_today", "read/mine"):
        assert _shown(stage, fixture) == ANNA
    followed = stage.ask("read/following")[1]["lists"]
    assert {one["user_id"]: one["name"] for one in followed}["anna"] == "Anna Lindqvist"


def test_it_makes_no_list_visible_and_names_nobody_else(stage: Stage) -> None:
    stage.play("account/people")
    for fixture in ("read/top_not_followed", "read/top_nobody", "read/public"):
        answer = stage.play(fixture)
        assert answer["statusCode"] == 404
        assert "Anna" not in answer["body"]
        assert "Nobody Yet" not in answer["body"]


def test_it_makes_no_profile(stage: Stage) -> None:
    """A user who is known by name only stays one who does not exist."""
    event = _read_of("nobody")
    before = stage.call("read", event)
    stage.play("account/people")
    assert stage.call("read", event) == before
    assert before["statusCode"] == 404


def test_text_is_cleaned_and_cut(stage: Stage) -> None:
    stage.call("account", _event([{"user_id": "anna", "name": " Carla\u0000\u0007 Díaz\u001b "}]))
    assert _shown(stage, "read/top")["name"] == "Carla Díaz"
    stage.call("account", _event([{"user_id": "anna", "name": "é" * 500}]))
    assert _shown(stage, "read/top")["name"] == "é" * 100


def test_each_call_replaces_what_was_said(stage: Stage) -> None:
    stage.play("account/people")
    stage.call("account", _event([{"user_id": "anna", "name": "Anna"}]))
    assert _shown(stage, "read/top") == {"name": "Anna", "portrait": None}
    stage.call("account", _event([{"user_id": "anna", "name": None}]))
    assert _shown(stage, "read/top") == UNNAMED


def test_each_person_is_stored_or_refused_separately(stage: Stage) -> None:
    status, body = stage.ask("account/people_refused")
    assert (status, body["stored"]) == (200, 1)
    assert body["refused"] == [
        {"index": 0, "code": "bad_user"},
        {"index": 1, "code": "bad_portrait"},
        {"index": 2, "code": "bad_portrait"},
        {"index": 3, "code": "bad_service"},
    ]
    assert stage.changed == {"profiles": ["harbor#ben"]}


@pytest.mark.parametrize("host", ["", "/anna.webp", "?anna.webp"])
def test_a_portrait_without_a_host_is_refused(stage: Stage, host: str) -> None:
    event = _event([{"user_id": "anna", "portrait": f"https://{host}"}])
    refused = [{"index": 0, "code": "bad_portrait"}]
    assert json.loads(stage.call("account", event)["body"]) == {"stored": 0, "refused": refused}


@pytest.mark.parametrize(
    ("fixture", "status", "field"),
    [
        ("people_empty", 400, "people"),
        ("people_unknown_field", 400, "people[0]"),
        ("people_by_a_user", 403, "token"),
    ],
)
def test_invalid_requests_change_nothing(
    stage: Stage, fixture: str, status: int, field: str
) -> None:
    answered, body = stage.ask(f"account/{fixture}")
    assert (answered, body["field"]) == (status, field)
    assert stage.changed == {}


def test_at_most_a_hundred_people_are_accepted(stage: Stage) -> None:
    portrait = "https://pictures.example/".ljust(LARGEST_ADDRESS, "a")
    most = [
        {"user_id": f"{number:0128}", "name": "\u0007" * 200, "portrait": portrait}
        for number in range(100)
    ]
    event = _event(most)
    assert LARGEST_BODY < len(event["body"]) < LARGEST_PEOPLE_BODY
    assert json.loads(stage.call("account", event)["body"])["stored"] == 100
    over = stage.call("account", _event([*most, {"user_id": "anna"}]))
    assert (over["statusCode"], json.loads(over["body"])["field"]) == (413, "people")


def test_of_another_tenant_nothing_is_stored_here(stage: Stage) -> None:
    event = json.loads((EVENTS / "account/people.json").read_text(encoding="utf-8"))
    event = with_claims(event, iss="https://id.meadow.example", aud="topk")
    stage.call("account", event)
    assert not [key for key in stage.changed.get("profiles", []) if key.startswith("harbor#")]


def test_songs_open_at_the_service_that_was_sent_of_the_viewer(stage: Stage) -> None:
    both = [{"user_id": user, "service": "apple_music"} for user in ("anna", "ben")]
    stage.call("account", _event(both))
    own = stage.ask("read/mine")[1]["songs"]
    followed = stage.ask("read/following")[1]["lists"][0]["songs"]
    links = {song["url"].split("?")[0] for song in (*own, *followed)}
    assert links == {"https://music.apple.com/search"}
    others = stage.ask("read/top")[1]["songs"]
    assert "https://music.apple.com/search" not in {song["url"].split("?")[0] for song in others}


def test_a_request_names_another_service(stage: Stage) -> None:
    event = json.loads((EVENTS / "read/top.json").read_text(encoding="utf-8"))
    event["queryStringParameters"] = {"service": "lastfm"}
    answer = json.loads(stage.call("read", event)["body"])
    assert all(song["url"].startswith("https://www.last.fm/") for song in answer["songs"])
    event["queryStringParameters"] = {"service": "napster"}
    assert json.loads(stage.call("read", event)["body"])["field"] == "service"


def test_nothing_is_stored_of_a_user_being_erased(stage: Stage) -> None:
    stage.play("account/people")
    stage.play("privacy/erase")
    body = json.loads(stage.call("account", _event([{"user_id": "anna", "name": "A"}]))["body"])
    assert body == {"stored": 0, "refused": [{"index": 0, "code": "being_erased"}]}
    assert _row("anna")["display_name"] == {"S": "Anna Lindqvist"}


def test_an_export_tells_it_even_without_settings(stage: Stage) -> None:
    event = json.loads((EVENTS / "export/mine.json").read_text(encoding="utf-8"))
    stage.call("account", _event([{"user_id": "newcomer", "name": "N", "service": "youtube"}]))
    answer = stage.call("export", with_claims(event, sub="newcomer"))
    profile = json.loads(answer["body"])["profile"]
    assert (profile["name"], profile["portrait"], profile["service"]) == ("N", None, "youtube")


def _shown(stage: Stage, fixture: str) -> dict[str, Any]:
    body = stage.ask(fixture)[1]
    return {name: body[name] for name in ("name", "portrait")}


def _event(people: list[dict[str, Any]]) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / "account/people.json").read_text(encoding="utf-8"))
    return event | {"body": json.dumps({"people": people})}


def _read_of(user: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / "read/top.json").read_text(encoding="utf-8"))
    event["pathParameters"]["user_id"] = user
    return event


def _row(user: str) -> dict[str, Any]:
    dynamodb = boto3.client("dynamodb", region_name="us-east-1")
    found = dynamodb.get_item(TableName="profiles", Key={"owner": {"S": f"harbor#{user}"}})
    row: dict[str, Any] = found["Item"]
    return row
