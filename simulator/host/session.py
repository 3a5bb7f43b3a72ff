"""Sessions of a host app: the user's token is in a cookie that scripts cannot read."""

from starlette.requests import Request
from starlette.responses import Response

from simulator.answers import Json
from simulator.host.identity import Identity
from simulator.host.open_id import issuer
from simulator.listeners.population import Listener
from simulator.world import World

COOKIE = "host_app_token"
FORBIDDEN = 403
UNAUTHORISED = 401


class Session:
    """Sessions of one tenant's users; each lasts as long as its token."""

    def __init__(self, world: World, tenant: str, identity: Identity) -> None:
        self._world = world
        self._tenant = tenant
        self._identity = identity

    def viewer(self, request: Request) -> Listener | None:
        user = self._identity.user(request.cookies.get(COOKIE, ""))
        return self._world.listener(self._tenant, user) if user else None

    def begin(self, request: Request, answer: Response, user: str) -> None:
        token = self._identity.token(issuer(request, self._tenant), user)
        answer.set_cookie(COOKIE, token, path=f"/host/{self._tenant}", httponly=True)

    def end(self, answer: Response) -> None:
        answer.delete_cookie(COOKIE, path=f"/host/{self._tenant}", httponly=True)

    async def token(self, request: Request) -> Response:
        """{"token"} for scripts of the app's own pages; with `?fresh=1` a new one."""
        # Sec-Fetch-Site names the origin of a request (https://www.w3.org/TR/fetch-metadata/).
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Json({"error": "only for this app's own pages"}, status_code=FORBIDDEN)
        viewer = self.viewer(request)
        if viewer is None:
            return Json({"error": "not signed in"}, status_code=UNAUTHORISED)
        token = request.cookies[COOKIE]
        if request.query_params.get("fresh") == "1":
            token = self._identity.token(issuer(request, self._tenant), viewer.user)
        return Json({"token": token}, headers={"Cache-Control": "no-store"})
