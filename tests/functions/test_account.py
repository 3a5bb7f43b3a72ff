"""account: the users' own settings."""

import json
from typing import Any

import pytest

from tests.fakes import ANNA, NOON
from tests.functions.aws_calls import role
from tests.functions.conftest import Stage
from tests.functions.roles import granted_to
from topk.domain.limits import CHANGES_SECONDS, MOST_CHANGES, MOST_UNCOUNTED_CHANGES
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import BlockModel
from topk.stores.graph.edges import Edges

ASKED = (("finn", NOON - 3600), ("carla", NOON))
READS = {f"dynamodb:{action}" for action in ("GetItem", "BatchGetItem", "Query")}


def test_shows_and_changes_the_profile(stage: Stage) -> None:
    assert stage.ask("account/show")[1]["visibility"] == "followers"
    changed = {
        "user_id": "anna",
        "visibility": "public",
        "time_zone": "Europe/Berlin",
        "follows": "request",
    }
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


def test_an_unfollow_takes_effect_at_once(stage: Stage) -> None:
    assert stage.ask("account/following") == (200, {"state": "following"})
    assert stage.ask("account/unfollow") == (204, None)
    assert stage.changed == {"follows": ["harbor#anna ben"], "profiles": ["harbor#ben"]}
    assert stage.ask("account/following") == (200, {"state": "none"})


def test_a_follow_is_a_request_until_it_is_accepted(stage: Stage) -> None:
    assert stage.ask("account/follow") == (202, {"state": "requested"})
    assert stage.changed == {"follow_requests": ["harbor#anna carla"]}
    received, sent = ({"user_id": user, "asked_at": at} for user, at in ASKED)
    page = {"received": [received], "sent": [sent], "cursor": None}
    assert stage.ask("account/requests") == (200, page)
    assert stage.ask("account/accept") == (204, None)
    assert stage.changed["follows"] == ["harbor#finn anna"]
    assert stage.ask("account/requests")[1]["received"] == []
    assert [one["user_id"] for one in _followers(stage)] == ["ben", "finn", "hugo"]
    assert stage.ask("account/accept_unasked")[0] == 404


def test_a_declined_request_is_gone_for_the_user_who_declined_it(stage: Stage) -> None:
    assert stage.ask("account/decline") == (204, None)
    assert stage.changed == {"follow_requests": ["harbor#finn anna"]}
    assert stage.ask("account/requests")[1]["received"] == []


def test_a_removed_follower_no_longer_sees_the_list(stage: Stage) -> None:
    assert _followers(stage) == [
        {"user_id": "ben", "since": NOON - 86_400},
        {"user_id": "hugo", "since": None},
    ]
    assert stage.ask("read/top")[0] == 200
    assert stage.ask("account/remove_follower") == (204, None)
    assert stage.ask("read/top")[0] == 404
    assert [one["user_id"] for one in _followers(stage)] == ["hugo"]


@pytest.mark.parametrize("fixture", ["remove_follower_of_host", "follow_where_the_host_decides"])
def test_what_the_host_app_decides_is_refused(stage: Stage, fixture: str) -> None:
    status, problem = stage.ask(f"account/{fixture}")
    assert (status, problem["type"]) == (403, "urn:topk:problem:not-allowed")
    assert stage.changed == {}


@pytest.mark.parametrize("fixture", ["follow", "following"])
def test_a_blocked_user_gets_the_404_of_an_unknown_one(stage: Stage, fixture: str) -> None:
    unknown = stage.ask(f"account/{fixture}_unknown")
    assert unknown[0] == 404
    user = "carla" if fixture == "follow" else "ben"
    assert stage.ask(f"account/{fixture}")[0] in {200, 202}
    Edges(BlockModel).add(Owner("harbor", user), ANNA)
    assert stage.ask(f"account/{fixture}") == unknown


def _followers(stage: Stage) -> list[dict[str, Any]]:
    status, page = stage.ask("account/followers")
    assert (status, page["cursor"]) == (200, None)
    return list(page["followers"])


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
