"""The service's built elements and pages, as the host app serves them at /music."""

import json
from functools import cached_property
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from simulator.answers import Json
from simulator.host.session import Session
from simulator.listeners.population import PROVIDERS
from simulator.world import World

BUILT = Path(__file__).parents[2] / "web" / "dist"


class Music:
    """Serves the output of `make web`, and the configuration for its pages."""

    def __init__(self, world: World, tenant: str, session: Session) -> None:
        self._world = world
        self._tenant = tenant
        self._session = session

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/config.json", self.config),
            Route("/session/token", self._session.token),
            Route("/session/names", self.names),
            Mount("/", StaticFiles(directory=BUILT, html=True, check_dir=False)),
        ]

    async def config(self, _request: Request) -> Response:
        """docs/integration.md, "The pages"."""
        told = {
            "api": self._world.api_urls.get(self._tenant, ""),
            "session": "session/token",
            "sign_in": f"/host/{self._tenant}/",
            "providers": PROVIDERS,
            "names": "session/names",
        }
        return Json(told, headers={"Cache-Control": "no-store"})

    async def names(self, request: Request) -> Response:
        """The names of the users that are asked for, by id."""
        asked = request.query_params.getlist("user")
        known = {user: self._world.listener(self._tenant, user) for user in asked}
        return Json({user: one.name for user, one in known.items() if one})

    def script(self, name: str) -> str:
        """The script tag of an element, as described in docs/integration.md."""
        found = self._integrity.get(name)
        if found is None:
            return ""
        address = f"/host/{self._tenant}/music/{found['file']}"
        return (
            f'<script type="module" src="{escape(address)}" crossorigin '
            f'integrity="{escape(found["integrity"])}"></script>'
        )

    @cached_property
    def _integrity(self) -> dict[str, dict[str, str]]:
        file = BUILT / "integrity.json"
        found: dict[str, dict[str, str]] = json.loads(file.read_text()) if file.exists() else {}
        return found
