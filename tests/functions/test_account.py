"""account: the users' own settings."""

import json

import pytest

from tests.functions.aws_calls import role
from tests.functions.conftest import Stage
from tests.functions.roles import granted_to
from topk.domain.limits import CHANGES_SECONDS, MOST_CHANGES, MOST_UNCOUNTED_CHANGES

READS = {f"dynamodb:{action}" for action in ("GetItem", "BatchGetItem", "Query")}


def test_shows_and_changes_the_profile(stage: Stage) -> None:
    assert stage.ask("account/show")[1]["visibility"] == "followers"
    changed = {"user_id": "anna", "visibility": "public", "time_zone": "Europe/Berlin"}
    assert stage.ask("account/change") == (200, changed)
    assert stage.ask("account/change_nothing") == (200, changed)
    assert stage.ask("account/show") == (200, changed)


@pytest.mark.parametrize(
    ("fixture", "field"),
    [
        ("change_bad_zone", "time_zone"),
        ("change_bad_visibility", "visibility"),
        ("change_unknown_field", "body"),
        ("change_malformed", "body"),
        ("follow_self", "user_id"),
        ("follow_malformed_user", "user_id"),
        ("block_self", "user_id"),
        ("block_malformed_user", "user_id"),
        ("hide_malformed_song", "song_id"),
        ("hide_malformed_provider", "provider"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    stage: Stage, fixture: str, field: str
) -> None:
    status, body = stage.ask(f"account/{fixture}")
    assert (status, body["field"]) == (400, field)
    assert stage.changed == {}


def test_an_unfollow_hides_the_list_on_the_next_read(stage: Stage) -> None:
    assert stage.play("account/follow")["statusCode"] == 204
    assert stage.changed == {"follows": ["harbor#anna carla"], "profiles": ["harbor#carla"]}
    assert stage.play("account/unfollow")["statusCode"] == 204
    assert stage.changed["follows"] == ["harbor#anna ben", "harbor#anna carla"]
    assert stage.changed["profiles"] == ["harbor#ben", "harbor#carla"]


def test_a_block_hides_the_list_on_the_next_read(stage: Stage) -> None:
    assert stage.ask("read/following")[1]["lists"] != []
    assert stage.play("account/block")["statusCode"] == 204
    assert stage.changed["blocks"] == ["harbor#anna carla"]
    assert stage.play("account/unblock")["statusCode"] == 204


def test_a_hidden_song_disappears_for_others_and_is_marked_for_the_owner(
    stage: Stage,
) -> None:
    before = stage.ask("read/top")[1]
    assert stage.play("account/hide_song")["statusCode"] == 204
    titles = [song["title"] for song in stage.ask("read/top")[1]["songs"]]
    assert titles == ["Paper Boats", "Slow River"]
    own = stage.ask("read/mine")[1]["songs"]
    assert [song["hidden"] for song in own] == [True, False, False]
    hidden = {"song_id": own[0]["song_id"], "title": "Northern Light", "singers": ["The Lanterns"]}
    assert stage.ask("account/hidden") == (200, {"songs": [hidden], "providers": []})
    assert stage.play("account/show_song")["statusCode"] == 204
    assert stage.ask("read/top")[1] == before
    assert stage.ask("account/hidden") == (200, {"songs": [], "providers": []})


def test_a_hidden_provider_disappears_for_others_on_the_next_read(stage: Stage) -> None:
    assert stage.play("account/hide_provider")["statusCode"] == 204
    assert stage.changed == {"profiles": ["harbor#anna"], "top_lists": ["harbor#anna 7d"]}
    assert stage.ask("read/top")[1]["songs"] == []
    assert {song["hidden"] for song in stage.ask("read/mine")[1]["songs"]} == {True}
    assert stage.play("account/show_provider")["statusCode"] == 204
    assert len(stage.ask("read/top")[1]["songs"]) == 3


def test_a_flood_of_changes_is_refused_until_the_window_ends(stage: Stage) -> None:
    answers = [stage.play("account/change") for _ in range(MOST_CHANGES + 20)]
    statuses = [one["statusCode"] for one in answers]
    allowed = MOST_CHANGES + MOST_UNCOUNTED_CHANGES
    assert statuses == [200] * allowed + [429] * (len(answers) - allowed)
    assert answers[-1]["headers"]["retry-after"] == str(CHANGES_SECONDS)
    assert json.loads(answers[-1]["body"])["type"] == "urn:topk:problem:too-soon"


@pytest.mark.parametrize("fixture", ["change", "follow", "block", "hide_song"])
def test_a_change_that_changes_nothing_writes_nothing(stage: Stage, fixture: str) -> None:
    first = stage.play(f"account/{fixture}")
    before = stage.changed
    with role(granted_to("account")) as asked:
        assert stage.play(f"account/{fixture}") == first
    assert stage.changed == before
    assert {action for action, _ in asked} <= READS
