"""connect: redirect, callback, confirmation, and each refusal."""

from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from functions.connect.wiring import Connecting
from tests.functions.conftest import Stage


def test_begins_a_connection(stage: Stage) -> None:
    status, body = stage.ask("connect/begin")
    address = urlsplit(body["authorize_url"])
    query = parse_qs(address.query)
    assert (status, address.hostname) == (201, "accounts.spotify.com")
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [
        "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/v1/oauth/spotify/callback"
    ]
    assert list(stage.changed) == ["handshakes"]


@pytest.mark.parametrize(
    ("fixture", "status", "field"),
    [
        ("begin_unknown_provider", 404, "provider"),
        ("begin_malformed", 400, "body"),
        ("begin_wrong_type", 400, "return_to"),
        ("begin_oversized", 413, "body"),
        ("begin_foreign_return", 400, "return_to"),
        ("confirm_malformed", 400, "body"),
        ("confirm_nothing", 400, "body"),
        ("disconnect_unknown_provider", 404, "provider"),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(
    stage: Stage, fixture: str, status: int, field: str
) -> None:
    answer = stage.play(f"connect/{fixture}")
    assert answer["headers"]["content-type"] == "application/problem+json"
    answered, body = stage.ask(f"connect/{fixture}")
    assert (answered, body["status"], body["field"]) == (status, status, field)
    assert stage.changed == {}


def test_the_callback_redirects_the_browser_with_a_confirmation(stage: Stage) -> None:
    answer = stage.play("connect/callback")
    assert answer["statusCode"] == 303
    home, _, confirmation = answer["headers"]["location"].partition("&confirmation=")
    assert home == "https://harbor.example/accounts?provider=spotify"
    assert len(confirmation) >= 43
    assert list(stage.changed) == ["handshakes"]


def test_the_user_who_started_confirms_once(stage: Stage) -> None:
    assert stage.play("connect/confirm")["statusCode"] == 204
    assert set(stage.changed) == {"connections", "handshakes", "queue topk-spotify"}
    assert stage.ask("connect/confirm")[0] == 400


@pytest.mark.parametrize("fixture", ["confirm_by_another_user", "confirm_expired"])
def test_a_foreign_or_late_confirmation_is_consumed_and_connects_nothing(
    stage: Stage, fixture: str
) -> None:
    status, body = stage.ask(f"connect/{fixture}")
    assert (status, body["type"]) == (400, "urn:topk:problem:handshake")
    assert list(stage.changed) == ["handshakes"]


@pytest.mark.parametrize("fixture", ["confirm_forged", "confirm_a_state"])
def test_an_invalid_confirmation_changes_nothing(stage: Stage, fixture: str) -> None:
    status, body = stage.ask(f"connect/{fixture}")
    assert (status, body["type"]) == (400, "urn:topk:problem:handshake")
    assert stage.changed == {}


def test_a_callback_works_once(stage: Stage) -> None:
    stage.play("connect/callback")
    again = stage.play("connect/callback")
    assert again["statusCode"] == 400
    assert "already used" in again["body"]


@pytest.mark.parametrize(
    "fixture",
    [
        "callback_missing_state",
        "callback_forged_state",
        "consent_page_forged_state",
    ],
)
def test_an_unknown_state_gets_an_error_page_and_stores_nothing(stage: Stage, fixture: str) -> None:
    answer = stage.play(f"connect/{fixture}")
    assert answer["statusCode"] == 400
    assert answer["headers"]["content-type"].startswith("text/html")
    assert "location" not in answer["headers"]
    assert stage.changed == {}


@pytest.mark.parametrize("fixture", ["callback_other_provider", "callback_expired_state"])
def test_a_state_of_another_provider_or_time_connects_nothing(stage: Stage, fixture: str) -> None:
    assert stage.play(f"connect/{fixture}")["statusCode"] == 400
    assert stage.changed == {}


@pytest.mark.parametrize("fixture", ["callback_denied", "callback_posted_denied"])
def test_a_refused_consent_is_reported_to_the_app_and_connects_nothing(
    stage: Stage, fixture: str
) -> None:
    answer = stage.play(f"connect/{fixture}")
    assert answer["statusCode"] == 303
    assert answer["headers"]["location"].endswith("&connect_error=access_denied")
    assert list(stage.changed) == ["handshakes"]


def test_the_consent_page_runs_only_its_own_and_apples_script(stage: Stage) -> None:
    answer = stage.play("connect/consent_page")
    assert answer["statusCode"] == 200
    assert 'name="state" value="fake-state-apple"' in answer["body"]
    policy = answer["headers"]["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "https://js-cdn.music.apple.com 'sha256-" in policy
    assert "unsafe" not in policy
    assert stage.changed == {}


def test_a_provider_with_a_code_flow_has_no_consent_page(stage: Stage) -> None:
    assert stage.play("connect/consent_page_of_none")["statusCode"] == 404


def test_a_token_from_the_browser_also_needs_a_confirmation(stage: Stage) -> None:
    answer = stage.play("connect/callback_posted")
    assert "?provider=apple_music&confirmation=" in answer["headers"]["location"]
    assert list(stage.changed) == ["handshakes"]


def test_connecting_redirects_to_our_consent_page_for_a_browser_token(stage: Stage) -> None:
    _, body = stage.ask("connect/begin_apple_music")
    assert "/v1/oauth/apple_music/authorize?state=" in body["authorize_url"]


def test_lists_the_accounts_without_their_grants(stage: Stage) -> None:
    status, body = stage.ask("connect/list")
    assert status == 200
    assert [one["provider"] for one in body["connections"]] == ["apple_music", "spotify", "youtube"]
    assert "grant" not in str(body)
    assert {one["attention"] for one in body["connections"]} == {None}
    assert {one["counted"] for one in body["connections"]} == {True}


def test_says_which_accounts_the_list_leaves_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = Connecting.tenant
    monkeypatch.setattr(
        Connecting,
        "tenant",
        lambda self, owner: replace(tenant(self, owner), separate=frozenset({"spotify"})),
    )
    _, body = stage.ask("connect/list")
    counted = {one["provider"]: one["counted"] for one in body["connections"]}
    assert counted == {"apple_music": True, "spotify": False, "youtube": True}


def test_disconnects(stage: Stage) -> None:
    assert stage.play("connect/disconnect")["statusCode"] == 204
    assert set(stage.changed) == {"connections", "timetable"}
    assert stage.play("connect/disconnect")["statusCode"] == 204
