"""The host app as an OpenID provider: its documents, and tokens for programs."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import basic, form
from simulator.host.identity import SCOPES, TOKEN_SECONDS, Identity, discovery
from simulator.world import World

SERVER_SECRET = "fake-secret-of-the-servers"  # noqa: S105 - a fake
"""The secret of the client `<tenant>-server`."""


def server_of(tenant: str) -> str:
    """The OAuth client of the app's own servers."""
    return f"{tenant}-server"


def issuer(request: Request, tenant: str) -> str:
    """The base URL of the app's pages and its OpenID documents."""
    return f"{request.url.scheme}://{request.url.netloc}/host/{tenant}"


class OpenId:
    """Documents for the service, and tokens for programs, which have no session."""

    def __init__(self, world: World, tenant: str, identity: Identity) -> None:
        self._world = world
        self._tenant = tenant
        self._identity = identity

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self.configuration),
            Route("/jwks.json", self.keys),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/token", self.server_token, methods=["POST"]),
        ]

    async def configuration(self, request: Request) -> Response:
        return Json(discovery(issuer(request, self._tenant)))

    async def keys(self, _request: Request) -> Response:
        return Json(self._identity.jwks())

    async def sign_in(self, request: Request) -> Response:
        """{"user", "claims"} -> {"token"}, for programs.

        The optional `claims` override the default claims, so that tests can get invalid tokens.
        """
        try:
            asked = await request.json()
            user, claims = asked["user"], dict(asked.get("claims", {}))
        except (ValueError, KeyError, TypeError):
            return Json({"error": "the body must be a JSON object with a user"}, status_code=400)
        if self._world.listener(self._tenant, str(user)) is None:
            return Json({"error": "there is no such user"}, status_code=404)
        token = self._identity.token(issuer(request, self._tenant), user, claims)
        return Json({"token": token})

    async def server_token(self, request: Request) -> Response:
        """Client credentials (RFC 6749, section 4.4), for the app's own servers."""
        server = server_of(self._tenant)
        if basic(request) != (server, SERVER_SECRET):
            return Json({"error": "invalid_client"}, status_code=401)
        asked = await form(request)
        if asked.get("grant_type") != "client_credentials":
            return Json({"error": "unsupported_grant_type"}, status_code=400)
        scope = asked.get("scope", "")
        if not set(scope.split()) <= set(SCOPES):
            return Json({"error": "invalid_scope"}, status_code=400)
        token = self._identity.server_token(issuer(request, self._tenant), server, scope)
        told = {"token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": scope}
        return Json({"access_token": token, **told})
