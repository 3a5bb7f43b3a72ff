import asyncio
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.load.generator import send
from simulator.load.results import Result


def planned(url: str, at: float, **call: Any) -> dict[str, Any]:
    asked = {"kind": "own", "method": "GET", "url": url, "token": "fake-token", "body": None}
    return {"at": at, "warms": False, "call": asked | call}


async def load(answer: Any, *calls: dict[str, Any]) -> list[Result]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(application) as server:
        plan = [
            planned(str(server.make_url("/v1/me/top")), number * 0.02, **call)
            for number, call in enumerate(calls)
        ]
        return await send(plan)


def test_a_stall_delays_no_request_and_appears_in_the_latencies() -> None:
    asked: list[str] = []
    all_are_here = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if len(asked) == 5:
            all_are_here.set()
        # Whoever waits for answers before sending on would never see one.
        await all_are_here.wait()
        return web.Response()

    found = asyncio.run(load(answer, *[{}] * 5))
    latencies = [one.latency for one in found]
    # The first was meant to start 0.08 s before the last, and waited for it.
    assert latencies[0] >= 0.08
    assert latencies[0] > latencies[-1]


def test_each_request_has_its_token_and_body() -> None:
    seen: list[tuple[str, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.method, request.headers["authorization"], await request.text()))
        return web.Response(status=204)

    found = asyncio.run(load(answer, {"method": "PATCH", "body": {"visibility": "public"}}))
    assert seen == [("PATCH", "Bearer fake-token", '{"visibility": "public"}')]
    assert not found[0].error


def test_failures_are_counted_by_cause() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.method == "PUT":
            request.transport.abort()  # type: ignore[union-attr]
        return web.Response(status=503)

    refused, broken = asyncio.run(load(answer, {}, {"method": "PUT"}))
    assert refused.error == "503"
    assert broken.error == "ServerDisconnectedError"
