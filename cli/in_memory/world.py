"""The simulated world in this process."""

import asyncio
import json
from typing import Any

import httpx2
from starlette.applications import Starlette

from infra_cdk.config import Deployment, deployments
from simulator.emulator.process import ROOT

WORLD_URL = "http://world.simulated"
API_URL = "http://api.simulated"


def deployment() -> Deployment:
    """The deployment declared in cdk.json, with simulated addresses."""
    return deployments(_context() | {"target": "local", "world": WORLD_URL, "emulator": API_URL})[0]


def declared_on_aws(stage: str) -> Deployment:
    """The deployment of `stage` that cdk.json declares for AWS."""
    return deployments(_context() | {"target": "aws", "stage": stage})[0]


def _context() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return found


def callback_url(provider: str) -> str:
    return f"{API_URL}/v1/oauth/{provider}/callback"


class SimulatedWorld:
    """The simulated world, run on `runner`'s event loop. No request leaves the process."""

    def __init__(self, application: Starlette, runner: asyncio.Runner) -> None:
        # Exceptions of the application are raised from the request, like a broken connection.
        self._carrier = httpx2.ASGITransport(application)
        self._runner = runner

    def carrier(self) -> httpx2.ASGITransport:
        """A transport to the world, usable from any event loop."""
        return self._carrier

    def lever(self, method: str, path: str, body: Any = None) -> Any:
        """Calls a control endpoint of the world. Raises HTTPStatusError if it is refused."""
        request = httpx2.Request(method, f"{WORLD_URL}/world/{path}", json=body)
        return self.answer(request).raise_for_status().json()

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """The world's response to `request`, with its body read, whatever its status."""
        return self._runner.run(self._answer(request))

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._carrier.handle_async_request(request)
        body = await answer.aread()
        return httpx2.Response(
            answer.status_code, headers=answer.headers, content=body, request=request
        )
