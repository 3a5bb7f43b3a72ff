"""The network between the service and the simulated providers, with the faults of the plan."""

import asyncio

import httpx2
from starlette.applications import Starlette

from cli.in_memory.faults import Fault
from cli.in_memory.process import current
from cli.in_memory.trace import Trace
from cli.studies.chaos.fault_injector import FaultInjector
from simulator.scheduler import Scheduler

_HANG_SECONDS = 60.0


class ProviderNet(httpx2.AsyncBaseTransport):
    """Sends the requests of every process. The first path segment is the provider's name.

    No time passes between the requests of one crawl, so that its result is of one moment; but
    other processes run in between.
    """

    def __init__(
        self, application: Starlette, scheduler: Scheduler, injector: FaultInjector, trace: Trace
    ) -> None:
        self._world = httpx2.ASGITransport(application)
        self._scheduler = scheduler
        self._injector = injector
        self._trace = trace

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        process = current()
        provider = request.url.path.split("/")[1]
        who = process.name if process else "-"
        what = f"{request.method} {_shown(request.url.path)}"
        last = False
        if process:
            self._scheduler.pause(0)
            last = process.begin_call(self._scheduler.now)
            if refused := await self._refused(provider):
                self._note(who, f"{what}: {refused.status_code}")
                return refused
        answer = await self._world.handle_async_request(request)
        self._note(who, f"{what}: {answer.status_code}")
        if process and last:
            self._note(who, "died")
            process.die()
        return answer

    async def _refused(self, provider: str) -> httpx2.Response | None:
        spell = self._injector.spell
        if spell(Fault.PROVIDER_HANGS, provider):
            await asyncio.sleep(_HANG_SECONDS)
        if spell(Fault.PROVIDER_ERROR, provider):
            return httpx2.Response(500, text="Internal server error")
        if limit := spell(Fault.PROVIDER_LIMIT, provider):
            return httpx2.Response(
                429, text="Too many requests", headers={"Retry-After": str(limit.retry_after)}
            )
        if spell(Fault.PROVIDER_GARBAGE, provider):
            return httpx2.Response(200, text='{"items": [{"track": {"id": "')
        return None

    def _note(self, who: str, what: str) -> None:
        self._trace.note(self._scheduler.now, who, what)


def _shown(path: str) -> str:
    """The start of the path, without segments that may be secret or differ between runs."""
    return "/".join(path.split("/")[:3])
