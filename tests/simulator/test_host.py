"""The host apps: tokens that verify, pages that show."""

import json

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.testclient import TestClient

from simulator.population import TENANTS
from simulator.world import World
from tests.simulator.conftest import URL, Wall

API = "http://service.example"


def sign_in(browser: TestClient, user: str, tenant: str = "harbor") -> str:
    return str(browser.post(f"/host/{tenant}/sign-in", json={"user": user}).json()["token"])


def enter(browser: TestClient, user: str) -> str:
    """Signs in as a person does; the address one is sent to."""
    answer = browser.post("/host/harbor/session", data={"user": user})
    assert answer.status_code == 303
    return str(answer.headers["location"])


class Api:
    """The service: what it answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx2.Request] = []
        self.broken: httpx2.Response | None = None

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if self.broken is not None:
            return self.broken
        if request.url.path.endswith("/top"):
            song = {"title": "A <Title>", "singers": ["A", "B"], "listen_count": 7}
            return httpx2.Response(200, json={"songs": [song]})
        if request.method == "POST":
            return httpx2.Response(201, json={"authorize_url": "http://provider.example/ask"})
        connection = {"provider": "spotify", "status": "active"}
        return httpx2.Response(200, json={"connections": [connection]})


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def service(api: Api) -> httpx2.AsyncBaseTransport:
    return httpx2.MockTransport(api.answer)


def deploy(browser: TestClient) -> None:
    browser.put("/world/service", json={"api_urls": {"harbor": API}})


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_token_verifies_by_what_discovery_leads_to(
    browser: TestClient, world: World, wall: Wall, tenant: str
) -> None:
    issuer = f"{URL}/host/{tenant}"
    found = browser.get(f"{issuer}/.well-known/openid-configuration").json()
    assert found["issuer"] == issuer
    keys = browser.get(found["jwks_uri"]).json()
    assert not any("d" in key for key in keys["keys"])
    user = world.listeners[0].user
    token = jwt.decode(sign_in(browser, user, tenant), KeySet.import_key_set(keys), ["RS256"])
    assert token.claims == {
        "iss": issuer,
        "aud": "topk",
        "sub": user,
        "iat": int(wall.now),
        "exp": int(wall.now) + 3600,
    }


def test_only_listeners_of_the_tenant_sign_in(browser: TestClient) -> None:
    path = "/host/harbor/sign-in"
    assert browser.post(path, json={"user": "nobody"}).status_code == 404
    assert browser.post(path, content=b"user").status_code == 400
    assert browser.post(path, json=["user"]).status_code == 400
    assert browser.post("/host/harbor/session", data={"user": "nobody"}).status_code == 404


def test_everybody_is_listed_with_a_way_to_sign_in(browser: TestClient, world: World) -> None:
    page = browser.get("/host/harbor/").text
    for listener in world.listeners:
        shown = f'<button name="user" value="{listener.user}">' in page
        assert shown or listener.tenant != "harbor"


def test_a_profile_shows_the_list_that_the_viewer_may_see(
    browser: TestClient, world: World, api: Api
) -> None:
    viewer, other = (one.user for one in world.listeners[:2])
    deploy(browser)
    enter(browser, viewer)
    page = browser.get(f"/host/harbor/people/{other}").text
    assert "A &lt;Title&gt;" in page
    assert "7 plays" in page
    assert str(api.asked[0].url) == f"{API}/v1/users/{other}/top"
    kind, token = api.asked[0].headers["authorization"].split()
    keys = KeySet.import_key_set(browser.get("/host/harbor/jwks.json").json())
    assert (kind, jwt.decode(token, keys, ["RS256"]).claims["sub"]) == ("Bearer", viewer)


def test_connecting_asks_the_service_and_sends_the_browser_on(
    browser: TestClient, world: World, api: Api
) -> None:
    deploy(browser)
    enter(browser, world.listeners[0].user)
    answer = browser.post("/host/harbor/accounts/spotify")
    assert (answer.status_code, answer.headers["location"]) == (303, "http://provider.example/ask")
    assert str(api.asked[0].url) == f"{API}/v1/connections/spotify"
    assert json.loads(api.asked[0].content) == {"return_to": f"{URL}/host/harbor/accounts"}
    assert browser.post("/host/harbor/accounts/napster").status_code == 404


def test_the_accounts_page_shows_what_is_connected_and_what_went_wrong(
    browser: TestClient, world: World, api: Api
) -> None:
    deploy(browser)
    enter(browser, world.listeners[0].user)
    page = browser.get("/host/harbor/accounts?provider=spotify&connect_error=access_denied").text
    assert "active" in page
    assert "not connected" in page
    assert "access_denied" in page


@pytest.mark.parametrize("path", ["/people/ada.1", "/accounts"])
def test_whoever_is_not_signed_in_is_asked_who_they_are(browser: TestClient, path: str) -> None:
    for cookie in ({}, {"host_app_token": "fake-token"}):
        answer = browser.get(f"/host/harbor{path}", headers={"Cookie": _cookie(cookie)})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/host/harbor/")


def _cookie(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def test_a_session_ends_after_an_hour_of_the_wall(
    browser: TestClient, world: World, wall: Wall
) -> None:
    address = enter(browser, world.listeners[0].user)
    assert browser.get(address).status_code == 200
    wall.now += 3600
    assert browser.get(address).status_code == 303


def test_pages_say_so_when_the_service_is_missing_or_broken(
    browser: TestClient, world: World, api: Api
) -> None:
    address = enter(browser, world.listeners[0].user)
    assert "has not been deployed" in browser.get(address).text
    deploy(browser)
    api.broken = httpx2.Response(404, json={"title": "No such list"})
    assert "No such list" in browser.get(address).text
    api.broken = httpx2.Response(200, text="<html>")
    assert "cannot be reached" in browser.get(address).text
    assert browser.post("/host/harbor/accounts/spotify").status_code == 502


def test_a_program_may_have_a_token_that_says_something_else(
    browser: TestClient, world: World
) -> None:
    keys = KeySet.import_key_set(browser.get("/host/harbor/jwks.json").json())
    asked = {"user": world.listeners[0].user, "claims": {"aud": "other", "sub": None}}
    token = browser.post("/host/harbor/sign-in", json=asked).json()["token"]
    claims = jwt.decode(token, keys, ["RS256"]).claims
    assert (claims["aud"], "sub" in claims) == ("other", False)


SERVER = ("harbor-server", "fake-secret-of-the-servers")


def test_a_server_of_the_app_gets_a_token_that_names_the_client(browser: TestClient) -> None:
    asked = {"grant_type": "client_credentials", "scope": "graph:write"}
    answer = browser.post("/host/harbor/token", data=asked, auth=SERVER).json()
    keys = KeySet.import_key_set(browser.get("/host/harbor/jwks.json").json())
    claims = jwt.decode(answer["access_token"], keys, algorithms=["RS256"]).claims
    assert (claims["sub"], claims["client_id"]) == ("harbor-server", "harbor-server")
    assert (claims["scope"], claims["iss"]) == ("graph:write", f"{URL}/host/harbor")
    found = browser.get("/host/harbor/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == f"{URL}/host/harbor/token"


@pytest.mark.parametrize(
    ("auth", "form", "error"),
    [
        (("meadow-server", SERVER[1]), {"grant_type": "client_credentials"}, "invalid_client"),
        ((SERVER[0], "guess"), {"grant_type": "client_credentials"}, "invalid_client"),
        (SERVER, {"grant_type": "password"}, "unsupported_grant_type"),
        (SERVER, {"grant_type": "client_credentials", "scope": "all"}, "invalid_scope"),
    ],
)
def test_no_other_gets_one(
    browser: TestClient, auth: tuple[str, str], form: dict[str, str], error: str
) -> None:
    answer = browser.post("/host/harbor/token", data=form, auth=auth)
    assert (answer.is_error, answer.json()) == (True, {"error": error})
