"""read: previews, public lists without a token, and caching."""

import json
from typing import Any

import pytest

from tests.functions.conftest import EVENTS, Stage


def test_a_preview_equals_what_a_follower_or_a_stranger_sees(stage: Stage) -> None:
    assert stage.ask("read/mine_as_follower") == stage.ask("read/top")
    assert stage.ask("read/mine_as_stranger") == stage.ask("read/top_not_followed")
    stage.play("account/change")
    assert stage.ask("read/mine_as_stranger") == stage.ask("read/public")


@pytest.mark.parametrize(
    ("fixture", "field"), [("mine_as_nobody", "as"), ("public_malformed_user", "user_id")]
)
def test_bad_input_names_the_field(stage: Stage, fixture: str, field: str) -> None:
    status, body = stage.ask(f"read/{fixture}")
    assert (status, body["field"]) == (400, field)


def test_a_non_public_list_without_a_token_looks_like_an_unknown_user(stage: Stage) -> None:
    assert stage.play("read/public") == stage.play("read/public_nobody")
    assert stage.ask("read/public")[0] == 404
    stage.play("account/change")
    assert stage.ask("read/public")[0] == 200
    assert stage.play("read/public_without_tenant") == stage.play("read/public_nobody")


@pytest.mark.parametrize("fixture", ["public", "public_nobody", "mine", "mine_as_follower", "top"])
def test_only_public_lists_are_cacheable(stage: Stage, fixture: str) -> None:
    answer = stage.play(f"read/{fixture}")
    assert answer["headers"]["cache-control"] == "private, no-store"
    assert "etag" not in answer["headers"]


def test_an_edge_cache_keeps_a_public_list_for_a_minute_within_its_day(stage: Stage) -> None:
    stage.play("account/change")
    answer = stage.play("read/public")
    control = "public, max-age=0, s-maxage=60, must-revalidate"
    assert answer["headers"]["cache-control"] == control
    late = _event("public", at=1_795_388_390)
    assert "s-maxage=10," in stage.call("read", late)["headers"]["cache-control"], "Berlin's day"


def test_a_matching_etag_gets_304(stage: Stage) -> None:
    stage.play("account/change")
    for fixture in ("public", "top"):
        tag = stage.play(f"read/{fixture}")["headers"]["etag"]
        for given in (tag, f'"fake-other", W/{tag}', "*"):
            again = stage.call("read", _event(fixture, if_none_match=given))
            assert (again["statusCode"], again["body"]) == (304, "")
            assert again["headers"]["etag"] == tag
        other = stage.call("read", _event(fixture, if_none_match='"fake-other"'))
        assert other["statusCode"] == 200


def test_a_public_list_read_with_a_token_is_always_revalidated(stage: Stage) -> None:
    stage.play("account/change")
    assert stage.play("read/top")["headers"]["cache-control"] == "private, no-cache"


def test_becoming_private_takes_effect_at_once_even_with_a_known_etag(stage: Stage) -> None:
    stage.play("account/change")
    tag = stage.play("read/public")["headers"]["etag"]
    private = json.loads((EVENTS / "account/change.json").read_text(encoding="utf-8"))
    stage.call("account", {**private, "body": '{"visibility": "private"}'})
    for fixture in ("public", "top"):
        assert stage.call("read", _event(fixture, if_none_match=tag))["statusCode"] == 404


def _event(fixture: str, *, if_none_match: str = "", at: int | None = None) -> dict[str, Any]:
    event = json.loads((EVENTS / f"read/{fixture}.json").read_text(encoding="utf-8"))
    if at:
        event["requestContext"]["timeEpoch"] = at * 1000
    if if_none_match:
        event["headers"]["if-none-match"] = if_none_match
    return dict(event)
