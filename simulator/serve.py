"""Serves the simulated world: `python -m simulator.serve --port 8100 --clock clock.json`."""

import signal
import sys
from pathlib import Path
from socket import socket
from typing import Annotated

import typer
import uvicorn

from simulator.app import SONGS, build_world
from simulator.clock import Clock
from simulator.habits import Habits
from simulator.listeners.population import PROVIDERS, STREAMING

HOST = "127.0.0.1"
_STREAMING = ",".join(STREAMING)
_HEAVY_HELP = "Share of listeners who play 200 songs a day, only at Spotify."
_ORIGIN_HELP = "Origin whose pages may sign in to, load and frame host apps. Repeatable."
_HABITS_HELP = "none, usual, all, or numbers and names with rates: 1,again,14=0.2."


class Server(uvicorn.Server):
    """Prints one line when it is ready. Stops without waiting for open responses."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            typer.echo(f"The world is at http://{HOST}:{port}")


def serve(
    *,
    clock: Annotated[Path, typer.Option(help="The clock file shared with the emulator.")],
    port: Annotated[int, typer.Option(help="0 for any free one.")] = 0,
    users: Annotated[int, typer.Option(min=1)] = 60,
    seed: int = 7,
    songs: Annotated[int, typer.Option(min=100)] = SONGS,
    providers: Annotated[str, typer.Option(help="Where listeners have accounts.")] = _STREAMING,
    heavy: Annotated[float, typer.Option(min=0, max=1, help=_HEAVY_HELP)] = 0.0,
    habits: Annotated[str, typer.Option(help=_HABITS_HELP)] = "usual",
    origin: Annotated[list[str] | None, typer.Option(help=_ORIGIN_HELP)] = None,
) -> None:
    """Serve the simulated providers and host apps until stopped by a signal."""
    try:
        chosen = Habits.parse(habits)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--habits") from error
    offered = tuple(providers.split(","))
    unknown = [name for name in offered if name not in PROVIDERS]
    if unknown:
        raise typer.BadParameter(f"there is no provider {unknown[0]!r}", param_hint="--providers")
    # The server re-raises the signal that stopped it; nothing is left to do.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    world = build_world(
        users,
        seed,
        Clock(clock),
        songs,
        providers=offered,
        heavy=heavy,
        habits=chosen,
        origins=origin or (),
    )
    # No access log: URLs may contain codes and tokens.
    config = uvicorn.Config(
        world,
        host=HOST,
        port=port,
        access_log=False,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    Server(config).run()


if __name__ == "__main__":
    typer.run(serve)
