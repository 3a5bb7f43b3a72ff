"""Apple Music in the browser: a replacement for MusicKit JS and its consent dialog.

The script asks for the account, and posts the choice with the developer token of the page;
https://developer.apple.com/documentation/musickitjs describes its interface for pages.
"""

from pathlib import Path

import msgspec
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from simulator.answers import Json
from simulator.providers.apple.apple_keys import signing_team
from simulator.providers.apple.apple_music import error
from simulator.providers.grants import Consent
from simulator.providers.lifetimes import lifetime
from simulator.virtual_host import VirtualHost
from simulator.world import World

_SCRIPT = Path(__file__).with_name("musickit.js")


class Decision(msgspec.Struct, frozen=True):
    """The listener's choice in the dialog: `decision` is allow or deny."""

    developer_token: str
    account: str
    decision: str


def hosts(world: World) -> list[VirtualHost]:
    """Allows pages of any origin, like a script from a CDN."""
    open_to_all = Middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]
    )
    dialog = _Dialog(world)
    script = Mount(
        "",
        routes=[
            Route("/musickit/v3/musickit.js", _script),
            Route("/accounts", dialog.accounts),
            Route("/authorize", dialog.authorize, methods=["POST"]),
        ],
        middleware=[open_to_all],
    )
    return [VirtualHost("js-cdn.music.apple.com", "/apple_music/musickit", [script])]


async def _script(_request: Request) -> Response:
    return FileResponse(_SCRIPT, media_type="text/javascript")


class _Dialog:
    def __init__(self, world: World) -> None:
        self._world = world

    async def accounts(self, _request: Request) -> Response:
        return Json(self._world.accounts("apple_music"))

    async def authorize(self, request: Request) -> Response:
        """Issues the music user token of a consenting account, for the developer token's team."""
        world = self._world
        try:
            chosen = msgspec.json.decode(await request.body(), type=Decision)
        except msgspec.DecodeError as invalid:
            return error(400, "Bad Request", str(invalid))
        now = world.clock.now()
        team = signing_team(chosen.developer_token, world.apps["apple_music"], now)
        if team is None:
            return error(401, "Unauthorized", "The developer token is invalid or has expired")
        known = world.has_account("apple_music", chosen.account)
        if chosen.decision != "allow" or not known:
            return error(403, "Forbidden", "The user did not authorize the application")
        consent = Consent(team, chosen.account, "music")
        lasts = lifetime(world.habits, "apple_music", chosen.account)
        token = world.grants["apple_music"].issue_refresh(consent, lasts)
        return Json({"music_user_token": token})
