"""Serves the dependencies of a function: `python -m simulator.stand_in.serve`.

For benchmarks of our side: it answers correctly and cheaply, from another process. It has a
provider (Spotify), AWS at `/`, and a control API at `/control`.
"""

import signal
import sys
from typing import Annotated

import typer
from aiohttp import web

from simulator.aws.account import Aws
from simulator.aws.http import answer
from simulator.aws.latency import Latencies
from simulator.listeners.dice import Dice
from simulator.metering.meter import Meter
from simulator.stand_in.credentials import CREDENTIALS
from simulator.stand_in.spotify import Spotify

HOST = "127.0.0.1"
PROVIDERS = ("spotify", "partner")


def queue(provider: str) -> str:
    """The name of a provider's queue."""
    return f"topk-{provider}"


def account(meter: Meter) -> Aws:
    """An AWS account without tables. No benchmark result depends on its time."""
    aws = Aws(lambda: 0.0, hooks=[meter])
    for name in PROVIDERS:
        aws.secrets.secrets[name] = CREDENTIALS
        aws.sqs.create(queue(name))
    return aws


def build() -> web.Application:
    meter, spotify = Meter(), Spotify()
    aws = account(meter)
    latencies: Latencies | None = None

    async def call(request: web.Request) -> web.Response:
        return await answer(aws, request, latencies)

    async def slow(request: web.Request) -> web.Response:
        """Gives AWS its latency, or takes it away."""
        nonlocal latencies
        latencies = (
            Latencies(Dice("latency"), lambda _: None) if (await request.json())["on"] else None
        )
        return web.json_response({})

    async def reset(_request: web.Request) -> web.Response:
        """Replaces the account with an empty one."""
        nonlocal aws
        aws = account(meter)
        return web.json_response({})

    async def spent(_request: web.Request) -> web.Response:
        """Returns what was consumed since the last call, and the total of sent messages."""
        consumed = [
            {"table": line.resource, "read_units": used.read, "write_units": used.write}
            for line, used in meter.used.items()
            if line.service == "dynamodb"
        ]
        meter.used.clear()
        sent = sum(len(one.messages) for one in aws.sqs.queues.values())
        return web.json_response({"consumed": consumed, "sent": sent})

    async def move(request: web.Request) -> web.Response:
        """Moves the provider's clock and writes the pages of the named accounts."""
        asked = await request.json()
        spotify.now = asked["now"]
        spotify.prepare(asked["accounts"])
        return web.json_response({})

    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.add_routes(
        [
            web.get("/control/ready", lambda _: _ready()),
            web.post("/control/reset", reset),
            web.post("/control/spent", spent),
            web.post("/control/now", move),
            web.post("/control/latency", slow),
            web.post("/api/token", spotify.token),
            web.get("/v1/me/player/recently-played", spotify.recently_played),
            web.post("/", call),
        ]
    )
    return application


async def _ready() -> web.Response:
    return web.Response()


def serve(port: Annotated[int, typer.Option()]) -> None:
    """Serve on 127.0.0.1 until stopped by a signal."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    web.run_app(build(), host=HOST, port=port, print=None, access_log=None, handle_signals=False)


if __name__ == "__main__":
    typer.run(serve)
