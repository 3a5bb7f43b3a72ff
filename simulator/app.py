"""The simulated world as one ASGI application."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator import control
from simulator.clock import Clock, wall_clock
from simulator.habits import Habits
from simulator.host import routes as host
from simulator.listeners.catalogue import Song
from simulator.listeners.covers import cover
from simulator.listeners.listening import DAYS_AFTER
from simulator.listeners.population import STREAMING
from simulator.providers import partner
from simulator.providers.apple import apple_music, musickit
from simulator.providers.google import youtube
from simulator.providers.mishaps import Linger, at_once
from simulator.providers.scrobblers import lastfm, listenbrainz
from simulator.providers.spotify import spotify
from simulator.providers.trouble import Sleep
from simulator.virtual_host import VirtualHost, routed
from simulator.world import World

SONGS = 3_000


def build_world(
    users: int,
    seed: int,
    clock: Clock,
    songs: int = SONGS,
    *,
    providers: Sequence[str] = STREAMING,
    heavy: float = 0.0,
    wall: Callable[[], float] = wall_clock,
    sleep: Sleep = asyncio.sleep,
    linger: Linger = at_once,
    service: httpx2.AsyncBaseTransport | None = None,
    habits: Habits | None = None,
    days: int = DAYS_AFTER,
    origins: Sequence[str] = (),
) -> Starlette:
    """Providers, host apps and the control API. Equal arguments on the same day give equal worlds.

    Listeners have accounts only at `providers`; a share of them is `heavy` (200 plays a day at
    Spotify). `habits` are those of the providers, by default the usual ones. `linger` is called
    with the seconds of a slow answer; by default it returns at once. `service` is the transport
    from the host apps to the service's API, by default the network. The world ends after `days`.
    Pages of `origins` may use the host apps from a browser.
    """
    world = World(
        users=users,
        seed=seed,
        clock=clock,
        songs=songs,
        providers=providers,
        heavy=heavy,
        wall=wall,
        sleep=sleep,
        habits=habits,
        linger=linger,
        days=days,
    )
    covers = Route("/covers/{index:int}/{name}", _Covers(world.songs).show)
    application = Starlette(
        routes=[
            *routed(hosts(world), everywhere=[covers]),
            *host.routes(world, service, origins),
            control.routes(world),
        ]
    )
    application.state.world = world
    return application


def hosts(world: World) -> Iterator[VirtualHost]:
    """The servers of all providers."""
    for provider in (spotify, apple_music, musickit, youtube, lastfm, listenbrainz, partner):
        yield from provider.hosts(world)


class _Covers:
    def __init__(self, songs: tuple[Song, ...]) -> None:
        self._songs = songs

    async def show(self, request: Request) -> Response:
        index = request.path_params["index"]
        if index >= len(self._songs):
            return Response(status_code=404)
        headers = {"Cache-Control": "max-age=86400"}
        return Response(cover(self._songs[index]), media_type="image/svg+xml", headers=headers)
