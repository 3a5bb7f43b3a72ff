"""The host apps: tokens that verify, pages that show."""

import json

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.testclient import TestClient

from simulator.app import build_world
from simulator.clock import Clock
from simulator.host.identity import TOKEN_SECONDS
from simulator.host.routes import USERS_ASK
from simulator.listeners.population import TENANTS
from simulator.world import World
from tests.simulator.conftest import URL, Wall
from tests.synthesis import ROOT

API = "http://service.example"


def sign_in(browser: TestClient, user: str, tenant: str = "harbor") -> str:
    return str(browser.post(f"/host/{tenant}/sign-in", json={"user": user}).json()["token"])


def enter(browser: TestClient, user: str, tenant: str = "harbor") -> str:
    """Signs in as a person does; returns the redirect's address."""
    answer = browser.post(f"/host/{tenant}/session", data={"user": user})
    assert answer.status_code == 303
    return str(answer.headers["location"])


class Api:
    """The service: what it answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx2.Request] = []
        self.broken: httpx2.Response | None = None
        self.replies: dict[str, httpx2.Response] = {}
        """By method."""

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        ordinary = httpx2.Response(200, json={})
        return self.broken or self.replies.get(request.method, ordinary)

    @property
    def told(self) -> list[dict[str, str]]:
        """The last changes of the graph."""
        return self._last("edges", "changes")

    @property
    def named(self) -> list[dict[str, str]]:
        """The people that were named last."""
        return self._last("people", "people")

    def _last(self, route: str, member: str) -> list[dict[str, str]]:
        asked = [one for one in self.asked if one.url.path.endswith(f"/v1/graph/{route}")]
        told: list[dict[str, str]] = json.loads(asked[-1].content)[member]
        return told


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def service(api: Api) -> httpx2.AsyncBaseTransport:
    return httpx2.MockTransport(api.answer)


def deploy(browser: TestClient, tenant: str = "harbor") -> None:
    browser.put("/world/service", json={"api_urls": {tenant: API}})


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_token_verifies_by_what_discovery_leads_to(
    browser: TestClient, world: World, tenant: str
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
        "iat": int(world.clock.now()),
        "exp": int(world.clock.now()) + TOKEN_SECONDS,
    }


def test_only_listeners_of_the_tenant_sign_in(browser: TestClient) -> None:
    path = "/host/harbor/sign-in"
    assert browser.post(path, json={"user": "nobody"}).status_code == 404
    assert browser.post(path, content=b"user").status_code == 400
    assert browser.post(path, json=["user"]).status_code == 400
    assert browser.post("/host/harbor/session", data={"user": "nobody"}).status_code == 404


def test_all_users_are_listed_with_a_sign_in_link(browser: TestClient, world: World) -> None:
    page = browser.get("/host/harbor/").text
    for listener in world.listeners:
        shown = f'<button name="user" value="{listener.user}">' in page
        assert shown or listener.tenant != "harbor"


def test_the_token_is_asked_for_with_the_page_by_who_is_signed_in(
    browser: TestClient, world: World
) -> None:
    profile = f"/host/harbor/people/{world.listeners[0].user}"
    preload = '<link rel="preload" href="/host/harbor/music/session/token" as="fetch" crossorigin>'
    assert preload not in browser.get(profile).text
    enter(browser, world.listeners[0].user)
    assert preload in browser.get(profile).text
    assert preload in browser.get("/host/harbor/feed").text


def test_signing_in_sends_the_users_follows_and_names_to_the_service(
    browser: TestClient, world: World, api: Api
) -> None:
    viewer = world.listeners[0]
    deploy(browser)
    assert enter(browser, viewer.user) == f"/host/harbor/people/{viewer.user}"
    assert str(api.asked[0].url) == f"{API}/v1/graph/edges"
    assert [(one["follower"], one["followed"], one["op"]) for one in api.told] == [
        (viewer.user, other, "follow") for other in viewer.follows
    ]
    names = {one.user: one.name for one in world.listeners if one.tenant == "harbor"}
    assert api.named == [
        {"user_id": user, "name": names[user]} for user in (viewer.user, *viewer.follows)
    ]
    token = api.asked[0].headers["authorization"].removeprefix("Bearer ")
    keys = KeySet.import_key_set(browser.get("/host/harbor/jwks.json").json())
    claims = jwt.decode(token, keys, ["RS256"]).claims
    assert (claims["sub"], claims["scope"]) == ("harbor-server", "graph:write")


def test_following_and_unfollowing_reach_the_service_and_the_page(
    browser: TestClient, world: World, api: Api
) -> None:
    viewer = next(one for one in world.listeners if one.tenant == "meadow" and one.follows)
    other = viewer.follows[0]
    deploy(browser, "meadow")
    enter(browser, viewer.user, "meadow")
    profile = f"/host/meadow/people/{other}"
    assert f"{profile}/unfollow" in browser.get(profile).text
    assert browser.post(f"{profile}/unfollow").headers["location"] == profile
    assert api.told == [{"follower": viewer.user, "followed": other, "op": "unfollow"}]
    assert f"{profile}/unfollow" not in browser.get(profile).text
    assert f"{profile}/follow" in browser.get(profile).text
    browser.post(f"{profile}/follow")
    assert api.told == [{"follower": viewer.user, "followed": other, "op": "follow"}]
    assert f"{profile}/unfollow" in browser.get(profile).text


def test_users_who_ask_each_other_wait_for_the_other_to_accept(
    browser: TestClient, world: World, api: Api
) -> None:
    viewer = world.listeners[0]
    profile = f"/host/harbor/people/{viewer.follows[0]}"
    deploy(browser)
    enter(browser, viewer.user)
    browser.post(f"{profile}/unfollow")
    api.replies = {"PUT": httpx2.Response(202, json={"state": "requested"})}
    api.replies["GET"] = httpx2.Response(200, json={"state": "requested"})
    browser.post(f"{profile}/follow")
    request = api.asked[-1]
    path = f"{API}/v1/me/following/{viewer.follows[0]}"
    assert (request.method, str(request.url)) == ("PUT", path)
    keys = KeySet.import_key_set(browser.get("/host/harbor/jwks.json").json())
    token = request.headers["authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, keys, ["RS256"]).claims["sub"] == viewer.user
    assert "Requested" in browser.get(profile).text
    api.replies["GET"] = httpx2.Response(200, json={"state": "following"})
    assert "Unfollow" in browser.get(profile).text
    assert viewer.follows[0] in browser.get("/host/harbor/feed").text


def test_a_request_can_be_withdrawn(browser: TestClient, world: World, api: Api) -> None:
    viewer = world.listeners[0]
    profile = f"/host/harbor/people/{viewer.follows[0]}"
    deploy(browser)
    enter(browser, viewer.user)
    browser.post(f"{profile}/unfollow")
    api.replies = {"PUT": httpx2.Response(202, json={"state": "requested"})}
    browser.post(f"{profile}/follow")
    browser.post(f"{profile}/unfollow")
    assert api.asked[-1].method == "DELETE"
    assert "Requested" not in browser.get(profile).text


def test_users_ask_each_other_where_the_deployment_says_so() -> None:
    declared = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))
    tenants = declared["context"]["stages"]["local"]["tenants"]
    asking = {name for name, tenant in tenants.items() if tenant["follows"] == "request"}
    assert asking == USERS_ASK


def test_a_change_refused_by_the_service_is_not_shown_as_done(
    browser: TestClient, world: World, api: Api
) -> None:
    viewer = world.listeners[0]
    profile = f"/host/harbor/people/{viewer.follows[0]}"
    enter(browser, viewer.user)
    assert browser.post(f"{profile}/unfollow").status_code == 502
    deploy(browser)
    api.broken = httpx2.Response(503)
    assert browser.post(f"{profile}/unfollow").status_code == 502
    assert f"{profile}/unfollow" in browser.get(profile).text


def test_users_cannot_follow_themselves(browser: TestClient, world: World) -> None:
    deploy(browser)
    viewer = world.listeners[0].user
    enter(browser, viewer)
    assert browser.post(f"/host/harbor/people/{viewer}/follow").status_code == 404
    assert browser.post("/host/harbor/people/nobody/follow").status_code == 404


ELEMENTS = {
    "feed": "<followed-lists",
    "accounts": "<connected-accounts",
    "followers": "<my-followers",
    "privacy": "<privacy-settings",
}


@pytest.mark.parametrize(("page", "element"), ELEMENTS.items())
def test_the_pages_of_who_is_signed_in_hold_the_elements(
    browser: TestClient, world: World, page: str, element: str
) -> None:
    deploy(browser)
    enter(browser, world.listeners[0].user)
    html = browser.get(f"/host/harbor/{page}").text
    assert f'{element} api="{API}"' in html
    assert 'crossorigin integrity="sha384-' in html


def test_a_profile_is_public_and_describes_itself_to_link_previews(
    browser: TestClient, world: World
) -> None:
    deploy(browser)
    person = world.listeners[0]
    html = browser.get(f"/host/harbor/people/{person.user}").text
    assert f'user="{person.user}" with-switch' in html, "without signed-in"
    assert f'property="og:title" content="{person.name}"' in html
    assert f'property="og:image" content="{API}/v1/users/{person.user}/top.png"' in html
    enter(browser, person.user)
    assert '<top-songs api="http://service.example" k="10" lang="en" signed-in' in (
        browser.get(f"/host/harbor/people/{person.user}").text
    ), "the own list is requested without a user id"


def test_pages_connect_only_to_the_service(browser: TestClient, world: World) -> None:
    deploy(browser)
    for path in ("/", f"/people/{world.listeners[0].user}", "/music/index.html", "/jwks.json"):
        headers = browser.get(f"/host/harbor{path}").headers
        policy = dict(
            one.strip().split(" ", 1) for one in headers["content-security-policy"].split(";")
        )
        assert policy["connect-src"].split() == ["'self'", API]
        assert policy["script-src"] == "'self'"
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_may_post_imports_to_the_emulators_buckets(browser: TestClient) -> None:
    urls = {"api_urls": {"harbor": "http://127.0.0.1:8701/_aws/execute-api/harbor/$default"}}
    browser.put("/world/service", json=urls)
    policy = browser.get("/host/harbor/").headers["content-security-policy"]
    assert "connect-src 'self' http://127.0.0.1:8701 http://*.localhost:8701;" in policy


def test_pages_of_allowed_origins_alone_sign_in_and_frame(clock: Clock, wall: Wall) -> None:
    origin = "http://localhost:3000"
    world = build_world(4, 7, clock, 100, wall=wall, origins=[origin])
    browser = TestClient(world, base_url=URL)
    deploy(browser)
    for page, allowed in ((origin, origin), ("http://other.example", None)):
        asked = {
            "origin": page,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        answer = browser.options("/host/harbor/sign-in", headers=asked)
        assert answer.headers.get("access-control-allow-origin") == allowed
    policy = browser.get("/host/harbor/").headers["content-security-policy"]
    assert f"frame-ancestors 'self' {origin};" in policy


def test_the_built_pages_find_their_configuration(browser: TestClient, world: World) -> None:
    deploy(browser)
    told = browser.get("/host/harbor/music/config.json").json()
    assert (told["api"], told["session"], told["sign_in"]) == (
        API,
        "session/token",
        "/host/harbor/",
    )
    assert "spotify" in told["providers"]


def test_scripts_of_the_app_get_the_token_of_who_is_signed_in(
    browser: TestClient, world: World
) -> None:
    address = "/host/harbor/music/session/token"
    assert browser.get(address).status_code == 401
    enter(browser, world.listeners[0].user)
    token = browser.get(address).json()["token"]
    assert browser.get(address).json()["token"] == token
    world.clock.set(world.clock.now() + 60, running=False)
    fresh = browser.get(f"{address}?fresh=1").json()["token"]
    assert fresh != token
    keys = KeySet.import_key_set(browser.get("/host/harbor/jwks.json").json())
    assert jwt.decode(fresh, keys, ["RS256"]).claims["sub"] == world.listeners[0].user
    other = browser.get(address, headers={"sec-fetch-site": "cross-site"})
    assert other.status_code == 403


def test_signing_out_ends_the_session(browser: TestClient, world: World) -> None:
    enter(browser, world.listeners[0].user)
    browser.post("/host/harbor/session/end")
    assert browser.get("/host/harbor/feed").headers["location"] == "/host/harbor/"


def test_everybody_has_a_portrait(browser: TestClient, world: World) -> None:
    address = f"/host/harbor/people/{world.listeners[0].user}/portrait.svg"
    assert browser.get(address).headers["content-type"] == "image/svg+xml"
    assert browser.get("/host/harbor/people/nobody/portrait.svg").status_code == 404


@pytest.mark.parametrize("path", ["/feed", "/accounts", "/privacy"])
def test_a_signed_out_visitor_is_asked_to_sign_in(browser: TestClient, path: str) -> None:
    for cookie in ({}, {"host_app_token": "fake-token"}):
        answer = browser.get(f"/host/harbor{path}", headers={"Cookie": _cookie(cookie)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/host/harbor/")


def _cookie(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def test_a_session_ends_with_its_token(browser: TestClient, world: World) -> None:
    enter(browser, world.listeners[0].user)
    assert browser.get("/host/harbor/feed").status_code == 200
    world.clock.set(world.clock.now() + TOKEN_SECONDS, running=False)
    assert browser.get("/host/harbor/feed").status_code == 303


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
def test_other_clients_get_no_server_token(
    browser: TestClient, auth: tuple[str, str], form: dict[str, str], error: str
) -> None:
    answer = browser.post("/host/harbor/token", data=form, auth=auth)
    assert (answer.is_error, answer.json()) == (True, {"error": error})
