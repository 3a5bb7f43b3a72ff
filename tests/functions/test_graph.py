"""The follow graph as the host app's servers send it, and which tokens each route accepts."""

import json
from typing import Any

import boto3
import pytest

from tests.functions.conftest import EVENTS, Stage, with_claims
from topk.domain.limits import LARGEST_BODY, LARGEST_EDGES_BODY


def test_edges_are_added_and_removed_and_a_repeat_changes_nothing(stage: Stage) -> None:
    before = {user: _followers(user) for user in ("carla", "ben")}
    summary = {"followed": 2, "unfollowed": 1, "unchanged": 1, "refused": []}
    assert stage.ask("account/graph") == (200, summary)
    assert stage.changed == {
        "follows": ["harbor#anna ben", "harbor#ben anna", "harbor#ben carla", "harbor#dora carla"],
        "profiles": ["harbor#ben", "harbor#carla"],
    }
    assert _followers("carla") == before["carla"] + 2
    assert _followers("ben") == before["ben"] - 1
    again = {"followed": 0, "unfollowed": 0, "unchanged": 4, "refused": []}
    assert stage.ask("account/graph") == (200, again)
    assert _followers("carla") == before["carla"] + 2


def test_a_new_follow_edge_gives_access_to_the_list(stage: Stage) -> None:
    event = json.loads((EVENTS / "read/top.json").read_text())
    event["pathParameters"]["user_id"] = "carla"
    event = with_claims(event, sub="dora")
    assert stage.call("read", event)["statusCode"] == 404
    stage.play("account/graph")
    assert stage.call("read", event)["statusCode"] == 200


def test_each_change_is_accepted_or_refused_separately(stage: Stage) -> None:
    status, body = stage.ask("account/graph_refused")
    assert (status, body["followed"]) == (200, 1)
    assert body["refused"] == [
        {"index": 1, "code": "bad_follower"},
        {"index": 2, "code": "bad_followed"},
        {"index": 3, "code": "same_user"},
    ]


@pytest.mark.parametrize(
    ("fixture", "status", "field"),
    [
        ("graph_malformed", 400, "body"),
        ("graph_wrong_type", 400, "changes[0].op"),
        ("graph_empty", 400, "changes"),
        ("graph_by_a_user", 403, "token"),
    ],
)
def test_invalid_requests_change_nothing(
    stage: Stage, fixture: str, status: int, field: str
) -> None:
    answered, body = stage.ask(f"account/{fixture}")
    assert (answered, body["status"], body["field"]) == (status, status, field)
    assert stage.changed == {}


def test_at_most_a_thousand_changes_are_accepted(stage: Stage) -> None:
    most = [_follow(f"{number:0127}a", f"{number:0127}b") for number in range(1000)]
    event = _event({"changes": most})
    assert LARGEST_BODY < len(event["body"]) < LARGEST_EDGES_BODY
    answer = stage.call("account", event)
    assert json.loads(answer["body"])["followed"] == 1000
    over = stage.call("account", _event({"changes": [*most, _follow("anna", "carla")]}))
    assert (over["statusCode"], json.loads(over["body"])["field"]) == (413, "changes")


def test_the_larger_body_limit_applies_only_to_this_route(stage: Stage) -> None:
    event = json.loads((EVENTS / "account/change.json").read_text())
    event["body"] = json.dumps({"time_zone": "x" * LARGEST_BODY})
    assert stage.call("account", event)["statusCode"] == 413
    large = _event({"changes": [_follow("anna", "x" * LARGEST_EDGES_BODY)]})
    assert stage.call("account", large)["statusCode"] == 413


@pytest.mark.parametrize(
    "fixture",
    [
        "account/show_to_a_server",
        "account/change_unauthorised",
        "account/hidden_unauthorised",
        "connect/begin_unauthorised",
        "read/top_unauthorised",
    ],
)
def test_a_server_token_is_refused_by_other_routes(stage: Stage, fixture: str) -> None:
    status, body = stage.ask(fixture)
    assert (status, body["type"], body["field"]) == (401, "urn:topk:problem:token", "token")
    assert stage.changed == {}


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"sub": "no user"},
        {"sub": ""},
        {"sub": "anna", "scope": "openid graph:write"},
        {"sub": "anna", "client_id": "anna"},
        {"iss": "https://id.nobody.example"},
    ],
)
def test_a_token_with_invalid_claims_is_refused(
    stage: Stage, claims: dict[str, str | None]
) -> None:
    event = json.loads((EVENTS / "account/show.json").read_text())
    assert stage.call("account", with_claims(event, **claims))["statusCode"] == 401


def test_a_server_token_without_a_tenant_is_refused(stage: Stage) -> None:
    event = json.loads((EVENTS / "account/graph.json").read_text())
    event = with_claims(event, iss="https://id.nobody.example")
    assert stage.call("account", event)["statusCode"] == 401
    assert stage.changed == {}


def _event(body: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / "account/graph.json").read_text())
    return event | {"body": json.dumps(body)}


def _follow(follower: str, followed: str) -> dict[str, str]:
    return {"follower": follower, "followed": followed, "op": "follow"}


def _followers(user: str) -> int:
    dynamodb = boto3.client("dynamodb", region_name="us-east-1")
    row = dynamodb.get_item(TableName="profiles", Key={"owner": {"S": f"harbor#{user}"}})["Item"]
    return int(row.get("followers", {"N": "0"})["N"])
