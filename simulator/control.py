"""The control API of the world: its clock, applications, faults, and expected results."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from simulator.answers import Json
from simulator.habits import Habits
from simulator.listeners import truth
from simulator.listeners.catalogue import Song, other_track_id
from simulator.listeners.control_requests import (
    ClockSetting,
    ExportSetting,
    FaultSetting,
    LimitSetting,
    NewPlays,
    Question,
    ServiceAddress,
)
from simulator.listeners.listening import with_scrobbles
from simulator.listeners.plays import Play, whole_play
from simulator.listeners.population import PROVIDERS, Listener
from simulator.listeners.spelling import lastfm_path, partner_id
from simulator.listeners.truth import Counted
from simulator.providers.apps import ApiAccount, App, SigningKey
from simulator.providers.trouble import GENEROUS, Fault
from simulator.world import World

Wanted = TypeVar("Wanted")


def routes(world: World) -> Mount:
    control = _Control(world)
    history = "/listeners/{tenant}/{user}/plays"
    found: Sequence[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = (
        ("GET", "/clock", control.clock),
        ("PUT", "/clock", control.set_clock),
        ("PUT", "/apps/{provider}", control.register),
        ("PUT", "/service", control.set_service),
        ("PUT", "/faults/{provider}", control.set_fault),
        ("PUT", "/limits/{provider}", control.set_limit),
        ("DELETE", "/grants/{provider}/{account}", control.revoke),
        ("PUT", "/exports/{account}", control.set_export),
        ("GET", "/secrets", control.secrets),
        ("GET", "/songs/{index:int}", control.song),
        ("GET", "/listeners", control.listeners),
        ("POST", history, control.add_plays),
        ("POST", "/truth", control.truth),
    )
    return Mount("/world", routes=[Route(path, act, methods=[verb]) for verb, path, act in found])


class _Control:
    def __init__(self, world: World) -> None:
        self._world = world

    async def clock(self, _request: Request) -> Response:
        clock = self._world.clock
        return Json({"now": clock.now(), "running": clock.running})

    async def set_clock(self, request: Request) -> Response:
        wanted = await _body(request, ClockSetting)
        self._world.clock.set(wanted.now, running=wanted.running)
        return await self.clock(request)

    async def register(self, request: Request) -> Response:
        apps = self._world.apps[_provider(request)]
        match _provider(request):
            case "apple_music":
                apps.register_key(await _body(request, SigningKey))
            case "lastfm":
                apps.register((await _body(request, ApiAccount)).app)
            case _:
                apps.register(await _body(request, App))
        return Json({})

    async def set_service(self, request: Request) -> Response:
        self._world.api_urls.update((await _body(request, ServiceAddress)).api_urls)
        return Json({})

    async def set_fault(self, request: Request) -> Response:
        setting = await _body(request, FaultSetting)
        accounts = None if setting.accounts is None else frozenset(setting.accounts)
        fault = Fault(setting.mode, setting.retry_after, accounts) if setting.mode else None
        self._world.trouble[_provider(request)].fault = fault
        return Json({})

    async def set_limit(self, request: Request) -> Response:
        setting = await _body(request, LimitSetting)
        limit = GENEROUS if setting.requests is None else setting.requests
        self._world.trouble[_provider(request)].limit = limit
        return Json({})

    async def revoke(self, request: Request) -> Response:
        """Revokes a consent, as the listener does in the provider's settings."""
        account = request.path_params["account"]
        grants = self._world.grants[_provider(request)]
        grants.revoke(lambda consent: consent.account == account)
        return Json({})

    async def set_export(self, request: Request) -> Response:
        """Sets whether future exports of the account fail."""
        failing, account = self._world.failing_exports, request.path_params["account"]
        setting = await _body(request, ExportSetting)
        failing.add(account) if setting.fails else failing.discard(account)
        return Json({})

    async def secrets(self, _request: Request) -> Response:
        """Every code, token and verifier ever issued or shown, by provider and kind."""
        return Json({provider: one.secrets for provider, one in self._world.grants.items()})

    async def song(self, request: Request) -> Response:
        return Json(_song_named(self._world.songs, request.path_params["index"]))

    async def listeners(self, _request: Request) -> Response:
        return Json(
            [
                {
                    "tenant": one.tenant,
                    "user": one.user,
                    "time_zone": one.time_zone,
                    "accounts": one.accounts,
                    "follows": one.follows,
                }
                for one in self._world.listeners
            ]
        )

    async def add_plays(self, request: Request) -> Response:
        listener = self._listener(request.path_params["tenant"], request.path_params["user"])
        wanted = await _body(request, NewPlays)
        if wanted.provider not in listener.accounts:
            raise HTTPException(400, "the listener has no account there")
        songs = self._world.songs
        self._world.histories.add(
            listener,
            [
                with_scrobbles(
                    whole_play(wanted.provider, _song_named(songs, new.song), new.started_at),
                    listener,
                    self._world.habits,
                )
                for new in wanted.plays
            ],
        )
        return Json({"added": len(wanted.plays)})

    async def truth(self, request: Request) -> Response:
        asked = await _body(request, Question)
        listener = self._listener(asked.tenant, asked.user)
        unknown = asked.polls.keys() - listener.accounts.keys()
        if unknown:
            raise HTTPException(400, f"the listener has no account at {', '.join(sorted(unknown))}")
        plays = self._world.histories.of(listener)
        return Json(_truth(self._world.songs, self._world.habits, listener, plays, asked))

    def _listener(self, tenant: str, user: str) -> Listener:
        found = self._world.listener(tenant, user)
        if found is None:
            raise HTTPException(404, "there is no such listener")
        return found


def _truth(
    songs: Sequence[Song],
    habits: Habits,
    listener: Listener,
    plays: Sequence[Play],
    asked: Question,
) -> dict[str, Any]:
    question = plays, asked.polls, asked.as_of, listener.time_zone
    ranked = truth.expected_list(*question, habits, listener.accounts)
    found = truth.numbers(*question, habits, listener.accounts)
    return {"songs": [shown(songs[one.song], one) for one in ranked], **asdict(found)}


def shown(song: Song, found: Counted) -> dict[str, Any]:
    """A counted song, as the truth reports it."""
    return {
        "title": song.name,
        "singers": song.singers + song.guests,
        "count": found.count,
        "last": found.last,
        "exact_time": found.exact_time,
        "ids": {
            "spotify": [*song.spotify_ids, other_track_id(song)],
            "apple_music": [song.apple_id],
            "youtube": [song.video_id],
            "lastfm": [lastfm_path(song)],
            "listenbrainz": [song.spotify_ids[0]],
            "partner": [partner_id(song)],
        },
    }


def _song_named(songs: Sequence[Song], index: int) -> Song:
    if not 0 <= index < len(songs):
        raise HTTPException(404, "there is no such song")
    return songs[index]


def _provider(request: Request) -> str:
    provider: str = request.path_params["provider"]
    if provider not in PROVIDERS:
        raise HTTPException(404, "there is no such provider")
    return provider


async def _body(request: Request, wanted: type[Wanted]) -> Wanted:
    try:
        return msgspec.json.decode(await request.body(), type=wanted)
    except msgspec.DecodeError as error:
        raise HTTPException(400, str(error)) from error
