"""Spotify: accounts service and the recently-played history of the Web API.

Shapes and habits: https://developer.spotify.com/documentation/web-api (get-recently-played).
"""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import bearer
from simulator.plays import Play
from simulator.providers.oauth import AuthorizationServer, Dialect
from simulator.providers.spotify_item import played
from simulator.visible import RING, newest_fifty
from simulator.world import World

SCOPE = "user-read-recently-played"
_HISTORY = "/spotify/api/v1/me/player/recently-played"
_DEFAULT_LIMIT = 20
_FAR_MS = 10**15


def _invalid_grant(description: str) -> tuple[int, dict[str, str]]:
    return 400, {"error": "invalid_grant", "error_description": description}


DIALECT = Dialect(
    title="Log in to Spotify",
    scope=SCOPE,
    expires_in=3600,
    refusals={
        "client": (400, {"error": "invalid_client", "error_description": "Invalid client secret"}),
        "grant_type": (
            400,
            {
                "error": "unsupported_grant_type",
                "error_description": "grant_type must be authorization_code or refresh_token",
            },
        ),
        "code": _invalid_grant("Invalid authorization code"),
        "redirect": _invalid_grant("Invalid redirect URI"),
        "verifier": _invalid_grant("code_verifier was incorrect"),
        "refresh": _invalid_grant("Invalid refresh token"),
        "revoked": _invalid_grant("Refresh token revoked"),
    },
    durable=lambda _request, _granted: True,
)


def routes(world: World) -> list[Route]:
    accounts = AuthorizationServer(world, "spotify", DIALECT)
    return [
        Route("/spotify/accounts/authorize", accounts.authorize, methods=["GET", "POST"]),
        Route("/spotify/accounts/api/token", accounts.token, methods=["POST"]),
        Route(_HISTORY, _History(world).recently_played),
    ]


class _History:
    def __init__(self, world: World) -> None:
        self._world = world

    async def recently_played(self, request: Request) -> Response:
        grants = self._world.grants["spotify"]
        access = grants.access(bearer(request))
        if access is None or grants.expired(access):
            return _error(401, "The access token expired" if access else "Invalid access token")
        account = access.consent.account
        trouble = await self._world.trouble["spotify"].answer(
            access.consent.client_id, account, _too_many
        )
        return trouble or self._answer(request, account)

    def _answer(self, request: Request, account: str) -> Response:
        try:
            limit, after, before = _range(request)
        except ValueError as error:
            return _error(400, str(error))
        plays = self._world.plays_of("spotify", account)
        ring = newest_fifty(plays, self._world.clock.now())
        found = [play for play in ring if after < play.ended_ms < before]
        return Json(self._page(request, found, limit))

    def _page(self, request: Request, found: list[Play], limit: int) -> dict[str, Any]:
        """The newest `limit` of the plays found; `next` leads to the older ones."""
        base = str(request.base_url).rstrip("/")
        shown = found[:limit]
        oldest = shown[-1].ended_ms if shown else 0
        more = urlencode({"before": oldest, "limit": limit})
        return {
            "items": [played(base, self._world.songs[play.song], play) for play in shown],
            "next": f"{base}{_HISTORY}?{more}" if len(found) > limit else None,
            "cursors": {"after": str(shown[0].ended_ms), "before": str(oldest)} if shown else None,
            "limit": limit,
            "href": str(request.url),
        }


def _range(request: Request) -> tuple[int, int, int]:
    """limit, after and before (exclusive, epoch milliseconds). Raises ValueError."""
    query = request.query_params
    if "after" in query and "before" in query:
        raise ValueError("Only one of after and before may be specified")
    numbers = {"limit": _DEFAULT_LIMIT, "after": 0, "before": _FAR_MS}
    for name in numbers:
        if name in query:
            if not query[name].isdecimal():
                raise ValueError(f"Invalid {name}")
            numbers[name] = int(query[name])
    if not 1 <= numbers["limit"] <= RING:
        raise ValueError("Invalid limit")
    return numbers["limit"], numbers["after"], numbers["before"]


def _error(status: int, message: str) -> Response:
    return Json({"error": {"status": status, "message": message}}, status_code=status)


def _too_many(wait: int) -> Response:
    body = {"error": {"status": 429, "message": "API rate limit exceeded"}}
    return Json(body, status_code=429, headers={"Retry-After": str(wait)})
