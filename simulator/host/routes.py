"""The host app of each tenant: its users, their sign-in, and the pages they see."""

import httpx2
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from simulator.answers import Json
from simulator.fields import basic, form
from simulator.host import pages
from simulator.host.identity import SCOPES, TOKEN_SECONDS, Identity, discovery
from simulator.host.service import Service, ServiceError
from simulator.population import PROVIDERS, TENANTS, Listener
from simulator.world import World

_COOKIE = "host_app_token"
SERVER_SECRET = "fake-secret-of-the-servers"  # noqa: S105 - a fake
"""Of the client `<tenant>-server`."""
SEE_OTHER = 303


def routes(world: World, service: httpx2.AsyncBaseTransport | None) -> list[Mount]:
    """`service` carries the requests to the service's API; None for the network."""
    return [
        Mount(f"/host/{tenant}", routes=HostApp(world, tenant, service).routes())
        for tenant in TENANTS
    ]


class HostApp:
    """One social app. Anybody may sign in as anybody: its people are not real."""

    def __init__(
        self, world: World, tenant: str, service: httpx2.AsyncBaseTransport | None
    ) -> None:
        self._transport = service
        self._world = world
        self._tenant = tenant
        self._server = f"{tenant}-server"
        self._identity = Identity(world.wall)

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self.configuration),
            Route("/jwks.json", self.keys),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/token", self.server_token, methods=["POST"]),
            Route("/", self.people),
            Route("/session", self.begin_session, methods=["POST"]),
            Route("/people/{user}", self.profile),
            Route("/accounts", self.accounts),
            Route("/accounts/{provider}", self.connect, methods=["POST"]),
        ]

    async def configuration(self, request: Request) -> Response:
        return Json(discovery(self._issuer(request)))

    async def keys(self, _request: Request) -> Response:
        return Json(self._identity.jwks())

    async def sign_in(self, request: Request) -> Response:
        """{"user", "claims"} -> {"token"}, for programs.

        `claims` may be left out; they stand in place of what the token would say, so that those can
        be had which are good for nothing.
        """
        try:
            asked = await request.json()
            user, claims = asked["user"], dict(asked.get("claims", {}))
        except (ValueError, KeyError, TypeError):
            return Json({"error": "the body must be a JSON object with a user"}, status_code=400)
        if self._world.listener(self._tenant, str(user)) is None:
            return Json({"error": "there is no such user"}, status_code=404)
        return Json({"token": self._identity.token(self._issuer(request), user, claims)})

    async def server_token(self, request: Request) -> Response:
        """Client credentials (RFC 6749, section 4.4), for the app's own servers."""
        if basic(request) != (self._server, SERVER_SECRET):
            return Json({"error": "invalid_client"}, status_code=401)
        asked = await form(request)
        if asked.get("grant_type") != "client_credentials":
            return Json({"error": "unsupported_grant_type"}, status_code=400)
        scope = asked.get("scope", "")
        if not set(scope.split()) <= set(SCOPES):
            return Json({"error": "invalid_scope"}, status_code=400)
        token = self._identity.server_token(self._issuer(request), self._server, scope)
        told = {"token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": scope}
        return Json({"access_token": token, **told})

    async def begin_session(self, request: Request) -> Response:
        """The same for people: the token goes into a cookie."""
        user = (await form(request)).get("user", "")
        if self._world.listener(self._tenant, user) is None:
            return pages.message("Nobody", "There is no such user here.", 404)
        root = self._issuer(request)
        answer = RedirectResponse(f"{root}/people/{user}", status_code=SEE_OTHER)
        token = self._identity.token(root, user)
        answer.set_cookie(_COOKIE, token, path=f"/host/{self._tenant}", httponly=True)
        return answer

    async def people(self, request: Request) -> Response:
        listeners = [one for one in self._world.listeners if one.tenant == self._tenant]
        return pages.people(self._issuer(request), self._tenant, listeners)

    async def profile(self, request: Request) -> Response:
        viewer = self._viewer(request)
        if viewer is None:
            return self._to_sign_in(request)
        person = self._world.listener(self._tenant, request.path_params["user"])
        if person is None:
            return pages.message("Nobody", "There is no such user here.", 404)
        try:
            songs, trouble = await self._service(request).top_list(person.user), ""
        except ServiceError as error:
            songs, trouble = [], str(error)
        return pages.profile(self._issuer(request), viewer, person, songs, trouble)

    async def accounts(self, request: Request) -> Response:
        viewer = self._viewer(request)
        if viewer is None:
            return self._to_sign_in(request)
        asked = request.query_params
        notice = asked.get("connect_error", "")
        try:
            if "confirmation" in asked:
                return await self._confirm(request, asked.get("provider", ""))
            connections = await self._service(request).connections()
        except ServiceError as error:
            connections, notice = [], str(error)
        return pages.accounts(self._issuer(request), viewer, connections, notice)

    async def connect(self, request: Request) -> Response:
        if self._viewer(request) is None:
            return self._to_sign_in(request)
        provider = request.path_params["provider"]
        if provider not in PROVIDERS:
            return pages.message("Unknown", "There is no such provider.", 404)
        return_to = f"{self._issuer(request)}/accounts"
        try:
            address = await self._service(request).begin_connection(provider, return_to)
        except ServiceError as error:
            return pages.message("That did not work", str(error), 502)
        return RedirectResponse(address, status_code=SEE_OTHER)

    async def _confirm(self, request: Request, provider: str) -> Response:
        """Says for the user who is signed in here that they began this; out of the address then."""
        confirmation = request.query_params["confirmation"]
        await self._service(request).confirm_connection(provider, confirmation)
        return RedirectResponse(f"{self._issuer(request)}/accounts", status_code=SEE_OTHER)

    def _issuer(self, request: Request) -> str:
        """The address under which this app's pages and its OpenID documents live."""
        origin = f"{request.url.scheme}://{request.url.netloc}"
        return f"{origin}/host/{self._tenant}"

    def _viewer(self, request: Request) -> Listener | None:
        user = self._identity.user(request.cookies.get(_COOKIE, ""))
        return self._world.listener(self._tenant, user) if user else None

    def _service(self, request: Request) -> Service:
        api_url = self._world.api_urls.get(self._tenant)
        return Service(api_url, request.cookies[_COOKIE], self._transport)

    def _to_sign_in(self, request: Request) -> Response:
        return RedirectResponse(f"{self._issuer(request)}/", status_code=SEE_OTHER)
