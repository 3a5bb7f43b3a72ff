"""privacy: deleting plays, disconnecting with deletion, and erasing an account."""

import json

import pytest

from tests.functions.conftest import EVENTS, Stage, with_claims


def _titles(stage: Stage) -> list[str]:
    return [song["title"] for song in stage.ask("read/mine")[1]["songs"]]


def test_a_deleted_song_leaves_the_plays_and_the_list_at_once(stage: Stage) -> None:
    assert _titles(stage) == ["Northern Light", "Paper Boats", "Slow River"]
    for _ in range(2):
        assert stage.ask("privacy/delete_song") == (204, None)
        assert _titles(stage) == ["Paper Boats", "Slow River"]
    assert {"plays", "top_lists", "profiles"} <= stage.changed.keys()


def test_disconnecting_keeps_the_plays_by_default(stage: Stage) -> None:
    assert stage.ask("connect/disconnect")[0] == 204
    assert len(_titles(stage)) == 3
    assert stage.ask("connect/disconnect_delete_plays")[0] == 204
    assert _titles(stage) == []
    assert "harbor#anna spotify" in stage.changed["connections"]


def test_disconnecting_deletes_the_plays_where_the_terms_demand_it(stage: Stage) -> None:
    event = json.loads((EVENTS / "connect/disconnect.json").read_text(encoding="utf-8"))
    event["pathParameters"]["provider"] = "spotify"
    assert stage.call("connect", event)["statusCode"] == 204
    assert _titles(stage) == []


@pytest.mark.parametrize(
    ("fixture", "status", "field"),
    [
        ("connect/disconnect_bad_plays", 400, "plays"),
        ("privacy/delete_song_malformed", 400, "song_id"),
        ("privacy/erase_unauthorised", 401, "token"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    stage: Stage, fixture: str, status: int, field: str
) -> None:
    answered, body = stage.ask(fixture)
    assert (answered, body["field"]) == (status, field)
    assert stage.changed == {}


def test_an_erasure_request_hides_the_user_at_once_and_gives_one_receipt(stage: Stage) -> None:
    assert stage.ask("read/top_three")[0] == 200
    status, body = stage.ask("privacy/erase")
    assert (status, body["progress"]) == (202, "running")
    assert stage.ask("privacy/erase")[1] == body
    assert stage.play("privacy/erase")["headers"]["location"].endswith(body["receipt"])
    for fixture in (
        "read/mine",
        "account/show",
        "account/change",
        "account/follow",
        "account/block",
        "account/unblock",
        "account/unfollow",
        "account/hidden",
        "account/hide_song",
        "account/show_song",
        "connect/list",
        "connect/begin",
        "connect/disconnect",
        "export/mine",
        "privacy/delete_song",
        "privacy/corrections",
        "privacy/merge",
        "privacy/undo_merge",
    ):
        status, problem = stage.ask(fixture)
        assert (status, problem["type"]) == (404, "urn:topk:problem:not-visible"), fixture


@pytest.mark.parametrize("fixture", ["read/following", "read/following_songs", "account/unblock"])
def test_a_user_being_erased_sees_no_followed_lists(stage: Stage, fixture: str) -> None:
    event = json.loads((EVENTS / f"{fixture}.json").read_text(encoding="utf-8"))
    assert stage.call(fixture.partition("/")[0], event)["statusCode"] in {200, 204}
    event = with_claims(event, sub="hugo")
    answer = stage.call(fixture.partition("/")[0], event)
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["type"] == "urn:topk:problem:not-visible"


def test_a_receipt_shows_the_progress_only_in_its_own_tenant(stage: Stage) -> None:
    status, body = stage.ask("privacy/erasure")
    assert (status, body["progress"], body["done_at"]) == (200, "running", None)
    assert "hugo" not in str(body | {"receipt": ""})
    for fixture in ("privacy/erasure_unknown", "privacy/erasure_other_tenant"):
        assert stage.ask(fixture)[0] == 404
