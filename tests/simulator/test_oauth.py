"""The authorization servers of Spotify and Google: what they grant, and how they refuse."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import (
    CLIENT,
    HISTORY,
    REDIRECT,
    VERIFIER,
    Developer,
    basic,
    bearer,
    sent_back,
)
from tests.simulator.test_shapes import sample


@pytest.fixture(params=["spotify", "youtube"])
def developer(request: pytest.FixtureRequest, browser: TestClient) -> Developer:
    return Developer(browser, request.param).register()


@pytest.fixture
def account(developer: Developer, world: World) -> str:
    return world.accounts(developer.provider)[0]


def test_the_consent_page_is_a_form_that_repeats_the_request(
    developer: Developer, account: str
) -> None:
    page = developer.visit(state='fake"<state>').text
    assert f"<option>{account}</option>" in page
    assert '<select name="account">' in page
    for decision in ("allow", "deny"):
        assert f'<button name="decision" value="{decision}">' in page
    assert 'name="state" value="fake&quot;&lt;state&gt;"' in page


def test_allowing_leads_back_with_code_and_state(developer: Developer, account: str) -> None:
    answer = sent_back(developer.decide(account))
    assert answer.keys() == {"code", "state"}
    assert answer["state"] == "fake-state-1"


@pytest.mark.parametrize("decision", ["deny", ""])
def test_denying_leads_back_with_access_denied(
    developer: Developer, account: str, decision: str
) -> None:
    answer = sent_back(developer.decide(account, decision))
    assert answer == {"error": "access_denied", "state": "fake-state-1"}


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "fake-other-client"},
        {"client_id": ""},
        {"redirect_uri": REDIRECT + "/"},
        {"redirect_uri": "http://127.0.0.1:9000/callback?x=1"},
        {"redirect_uri": ""},
    ],
)
def test_an_unknown_client_or_redirect_gets_a_page_and_never_a_redirect(
    developer: Developer, account: str, change: dict[str, str]
) -> None:
    for answer in (developer.visit(**change), developer.decide(account, **change)):
        assert answer.status_code == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "tooshort"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_wrong_request_of_a_known_client_is_refused_by_redirect(
    developer: Developer, change: dict[str, str], error: str
) -> None:
    assert sent_back(developer.visit(**change)) == {"error": error, "state": "fake-state-1"}


def test_an_account_that_does_not_exist_gets_no_code(developer: Developer) -> None:
    assert developer.decide("nobody@nowhere").status_code == 400


def test_a_code_is_exchanged_for_tokens_once(developer: Developer, account: str) -> None:
    code = developer.code(account)
    bought = developer.redeem(code)
    assert bought.status_code == 200
    assert bought.json().keys() >= {"access_token", "refresh_token", "expires_in", "scope"}
    again = developer.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_bound_to_its_redirect_and_verifier(developer: Developer, account: str) -> None:
    for wrong in ({"redirect_uri": REDIRECT + "2"}, {"code_verifier": VERIFIER + "2"}):
        answer = developer.redeem(developer.code(account), **wrong)
        assert answer.status_code == 400
        assert answer.json()["error"] in {"invalid_grant", "redirect_uri_mismatch"}


def test_a_code_expires_after_ten_minutes(developer: Developer, account: str, clock: Clock) -> None:
    code = developer.code(account)
    clock.set(START + 600, running=False)
    assert developer.redeem(code).status_code == 400


def test_a_code_belongs_to_the_client_it_was_given_to(developer: Developer, account: str) -> None:
    code = developer.code(account)
    other = {"client_id": "fake-client-2", "client_secret": "fake-client-secret-2"}
    path = f"/world/apps/{developer.provider}"
    developer.browser.put(path, json={**other, "redirect_uris": [REDIRECT]})
    assert developer.redeem(code, **other).status_code == 400


@pytest.mark.parametrize("change", [{"client_secret": "fake-guess"}, {"client_id": "fake-nobody"}])
def test_a_client_must_prove_itself(
    developer: Developer, account: str, change: dict[str, str]
) -> None:
    answer = developer.redeem(developer.code(account), **change)
    assert answer.status_code == {"spotify": 400, "youtube": 401}[developer.provider]
    assert answer.json()["error"] == "invalid_client"


def test_basic_authentication_serves_as_well(developer: Developer, account: str) -> None:
    token = developer.connect(account)["refresh_token"]
    path = {"spotify": "/spotify/accounts/api/token", "youtube": "/youtube/oauth2/token"}
    fields = {"grant_type": "refresh_token", "refresh_token": token}
    where = path[developer.provider]
    right = developer.browser.post(where, data=fields, headers=basic(CLIENT))
    wrong = developer.browser.post(where, data=fields, headers={"Authorization": "Basic !!!"})
    assert (right.status_code, wrong.status_code) == (
        200,
        right.status_code + wrong.status_code - 200,
    )
    assert wrong.json()["error"] == "invalid_client"


def test_refreshing_keeps_the_refresh_token(developer: Developer, account: str) -> None:
    connected = developer.connect(account)
    for _ in range(2):
        renewed = developer.refresh(connected["refresh_token"])
        assert renewed.status_code == 200
        assert "refresh_token" not in renewed.json()
        assert renewed.json()["access_token"] != connected["access_token"]


@pytest.mark.parametrize("grant_type", ["password", ""])
def test_other_grants_are_not_supported(developer: Developer, grant_type: str) -> None:
    answer = developer.token(grant_type=grant_type)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_listener_who_takes_consent_back_ends_all_tokens(
    developer: Developer, account: str
) -> None:
    token = developer.connect(account)["refresh_token"]
    developer.browser.delete(f"/world/grants/{developer.provider}/{account}")
    answer = developer.refresh(token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_garbage_and_revoked_refresh_tokens_read_differently_at_spotify(
    browser: TestClient, world: World
) -> None:
    developer, account = Developer(browser, "spotify").register(), world.accounts("spotify")[0]
    token = developer.connect(account)["refresh_token"]
    browser.delete(f"/world/grants/spotify/{account}")
    said = [developer.refresh(one).json()["error_description"] for one in (token, "fake-garbage")]
    assert said == ["Refresh token revoked", "Invalid refresh token"]


def test_an_access_token_lives_one_hour_of_the_worlds_clock(
    browser: TestClient, world: World, clock: Clock
) -> None:
    developer = Developer(browser, "spotify").register()
    token = developer.connect(world.accounts("spotify")[0])["access_token"]
    for age, status in ((3599, 200), (3600, 401)):
        clock.set(START + age, running=False)
        assert browser.get(HISTORY, headers=bearer(token)).status_code == status


def test_google_gives_a_refresh_token_with_the_first_consent_or_when_asked_for_consent(
    browser: TestClient, world: World
) -> None:
    developer, account = Developer(browser, "youtube").register(), world.accounts("youtube")[0]
    assert "refresh_token" not in developer.connect(account, access_type="")
    assert "refresh_token" in developer.connect(account)
    assert "refresh_token" not in developer.connect(account)
    assert "refresh_token" in developer.connect(account, prompt="consent")


def test_google_revokes_a_grant_by_either_token(browser: TestClient, world: World) -> None:
    developer, account = Developer(browser, "youtube").register(), world.accounts("youtube")[0]
    for kind in ("access_token", "refresh_token"):
        tokens = developer.connect(account)
        assert browser.post("/youtube/oauth2/revoke", data={"token": tokens[kind]}).is_success
        assert developer.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    again = browser.post("/youtube/oauth2/revoke", data={"token": tokens["access_token"]})
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


@pytest.fixture
def spotify(browser: TestClient) -> Developer:
    return Developer(browser, "spotify").register()


NO_PKCE = {"code_challenge": "", "code_challenge_method": ""}


@pytest.mark.parametrize("provider", ["spotify", "youtube"])
def test_a_client_with_a_secret_may_do_without_pkce(
    browser: TestClient, world: World, provider: str
) -> None:
    developer = Developer(browser, provider).register()
    account = world.accounts(provider)[0]
    plain = developer.redeem(developer.code(account, **NO_PKCE), code_verifier="")
    stray = developer.redeem(developer.code(account, **NO_PKCE))
    forgotten = developer.redeem(developer.code(account), code_verifier="")

    assert "refresh_token" in plain.json()
    assert (stray.status_code, forgotten.status_code) == (400, 400)


def test_the_partner_demands_pkce_of_everybody(browser: TestClient) -> None:
    browser.put("/world/apps/partner", json={**CLIENT, "redirect_uris": [REDIRECT]})
    request = {
        "client_id": CLIENT["client_id"],
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "listens:read",
    }
    answer = sent_back(browser.get("/partner/accounts/authorize", params=request))
    assert answer == {"error": "invalid_request"}


def public(developer: Developer, **fields: str) -> Any:
    """The token endpoint's answer to a client that has no secret."""
    form = {"client_id": CLIENT["client_id"], **fields}
    return developer.browser.post("/spotify/accounts/api/token", data=form)


def test_a_public_client_proves_itself_by_pkce_alone(spotify: Developer, world: World) -> None:
    account = world.accounts("spotify")[0]
    terms = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    bought = public(spotify, code=spotify.code(account), code_verifier=VERIFIER, **terms)
    unproven = public(spotify, code=spotify.code(account, **NO_PKCE), **terms)

    assert bought.status_code == 200
    assert unproven.json()["error"] == "invalid_client"


def test_a_public_clients_refresh_tokens_work_once(spotify: Developer, world: World) -> None:
    code = spotify.code(world.accounts("spotify")[0])
    terms = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    first = public(spotify, code=code, code_verifier=VERIFIER, **terms).json()["refresh_token"]
    renewed = public(spotify, grant_type="refresh_token", refresh_token=first)
    again = public(spotify, grant_type="refresh_token", refresh_token=first)

    assert renewed.json()["refresh_token"] != first
    assert again.json()["error"] == "invalid_grant"


def test_a_refresh_token_of_a_client_with_a_secret_is_no_use_without_it(
    spotify: Developer, world: World
) -> None:
    token = spotify.connect(world.accounts("spotify")[0])["refresh_token"]
    stolen = public(spotify, grant_type="refresh_token", refresh_token=token)
    assert stolen.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("user-read-private user-read-recently-played", True),
        ("user-read-recently-played user-read-private user-read-private", True),
        ("user-read-private", False),
    ],
)
def test_scopes_are_a_set_and_only_those_granted_are_served(
    spotify: Developer, world: World, asked: str, granted: bool
) -> None:
    tokens = spotify.connect(world.accounts("spotify")[0], scope=asked)
    answer = spotify.browser.get(HISTORY, headers=bearer(tokens["access_token"]))

    assert set(tokens["scope"].split()) == set(asked.split())
    assert answer.status_code == (200 if granted else 403)
    if not granted:
        assert answer.json() == sample("spotify/insufficient_scope.json")
