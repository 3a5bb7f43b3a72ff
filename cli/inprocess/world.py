"""The simulated world in this process, and the service's adapters that speak to it."""

import asyncio
import json
from typing import Any

import httpx2
from starlette.applications import Starlette

from cli.credentials import generate
from infra_cdk.config import Deployment, deployments
from simulator.emulator.process import ROOT
from topk.domain.crawl.provider import Provider
from topk.providers.http.transport import Transport
from topk.providers.registry import build

WORLD_URL = "http://world.simulated"
API_URL = "http://api.simulated"


def deployment() -> Deployment:
    """What cdk.json declares, at simulated addresses."""
    declared = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    places = {"target": "local", "world": WORLD_URL, "emulator": API_URL}
    return deployments(declared | places)[0]


def callback_url(provider: str) -> str:
    return f"{API_URL}/v1/oauth/{provider}/callback"


class SimulatedWorld:
    """The world as `runner`'s event loop sees it. No request leaves the process."""

    def __init__(self, application: Starlette, runner: asyncio.Runner) -> None:
        # What the application raises comes out of the request, as a connection that breaks does.
        self._carrier = httpx2.ASGITransport(application)
        self._runner = runner

    def carrier(self) -> httpx2.ASGITransport:
        """Carries requests to the world from any event loop."""
        return self._carrier

    def lever(self, method: str, path: str, body: Any = None) -> Any:
        """What a lever of the world answers. Raises HTTPStatusError for a refusal."""
        request = httpx2.Request(method, f"{WORLD_URL}/world/{path}", json=body)
        return self.answer(request).raise_for_status().json()

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """The world's answer, read whole, whatever its status."""
        return self._runner.run(self._answer(request))

    def adapters(self, declared: Deployment) -> dict[str, Provider]:
        """An adapter of every declared provider, its application registered there."""
        http = Transport(lambda: self._carrier)
        return {name: self._adapter(name, declared, http) for name in declared.providers}

    def _adapter(self, name: str, declared: Deployment, http: Transport) -> Provider:
        given = declared.providers[name]
        kept, known = generate(given.credentials)
        self.lever("PUT", f"apps/{name}", known | {"redirect_uris": [callback_url(name)]})
        return build(
            name, endpoints=given.endpoints, credentials=kept, options=given.options, http=http
        )

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._carrier.handle_async_request(request)
        body = await answer.aread()
        return httpx2.Response(
            answer.status_code, headers=answer.headers, content=body, request=request
        )
