"""Spotify: accounts service and the recently-played history of the Web API.

Shapes and habits: https://developer.spotify.com/documentation/web-api (get-recently-played).
"""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import bearer
from simulator.habit import Habit
from simulator.listeners.ring import RING, Entry, newest
from simulator.providers.dialect import Dialect, invalid_grant
from simulator.providers.oauth import AuthorizationServer
from simulator.providers.spotify.spotify_item import Item
from simulator.virtual_host import VirtualHost
from simulator.world import World

SCOPE = "user-read-recently-played"
SCOPES = frozenset(
    [
        "ugc-image-upload",
        "user-read-playback-state",
        "user-modify-playback-state",
        "user-read-currently-playing",
        "app-remote-control",
        "streaming",
        "playlist-read-private",
        "playlist-read-collaborative",
        "playlist-modify-private",
        "playlist-modify-public",
        "user-follow-modify",
        "user-follow-read",
        "user-read-playback-position",
        "user-top-read",
        "user-read-recently-played",
        "user-library-modify",
        "user-library-read",
        "user-read-email",
        "user-read-private",
    ]
)
"""https://developer.spotify.com/documentation/web-api/concepts/scopes"""
_DEFAULT_LIMIT = 20
_FAR_MS = 10**15
_UNREGISTERED = "User not registered in the Developer Dashboard"


DIALECT = Dialect(
    title="Log in to Spotify",
    scopes=SCOPES,
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
        "code": invalid_grant("Invalid authorization code"),
        "redirect": invalid_grant("Invalid redirect URI"),
        "verifier": invalid_grant("code_verifier was incorrect"),
        "refresh": invalid_grant("Invalid refresh token"),
        "revoked": invalid_grant("Refresh token revoked"),
    },
    durable=lambda _request, _granted: True,
    public_clients=True,
)


def hosts(world: World) -> list[VirtualHost]:
    accounts = AuthorizationServer(world, "spotify", DIALECT)
    consent = [
        Route("/authorize", accounts.authorize, methods=["GET", "POST"]),
        Route("/api/token", accounts.token, methods=["POST"]),
    ]
    history = [Route("/v1/me/player/recently-played", _History(world).recently_played)]
    return [
        VirtualHost("accounts.spotify.com", "/spotify/accounts", consent),
        VirtualHost("api.spotify.com", "/spotify/api", history),
    ]


class _History:
    def __init__(self, world: World) -> None:
        self._world = world

    async def recently_played(self, request: Request) -> Response:
        grants = self._world.grants["spotify"]
        token = bearer(request)
        access = grants.access(token)
        if access is None or grants.expired(access):
            return _error(401, "The access token expired" if access else "Invalid access token")
        if SCOPE not in access.consent.scope.split():
            return _error(403, "Insufficient client scope")
        account = access.consent.account
        if self._world.habits.strikes(Habit.UNREGISTERED, account):
            return PlainTextResponse(_UNREGISTERED, status_code=403)
        trouble = await self._world.trouble["spotify"].answer(
            access.consent.client_id,
            account,
            TOO_MANY,
            expired=partial(self._expire, token) if "before" in request.query_params else None,
        )
        return trouble or self._answer(request, account)

    def _expire(self, token: str) -> Response:
        """Expires the access token between two pages."""
        self._world.grants["spotify"].expire(token)
        return _error(401, "The access token expired")

    def _answer(self, request: Request, account: str) -> Response:
        try:
            limit, after, before = _range(request)
        except ValueError as error:
            return _error(400, str(error))
        entries = self._world.spotify_entries(account)
        history = newest(entries, self._world.clock.now(), self._world.habits)
        found = [entry for entry in history if after < entry.stamp_ms < before]
        return Json(self._page(request, account, found, limit))

    def _page(
        self, request: Request, account: str, found: list[Entry], limit: int
    ) -> dict[str, Any]:
        """The newest `limit` of the entries found; `next` leads to the older ones."""
        base, habits = str(request.base_url).rstrip("/"), self._world.habits
        shown = found[:limit]
        oldest = shown[-1].stamp_ms if shown else 0
        more = urlencode({"before": oldest, "limit": limit})
        leads_on = len(found) > limit or (
            len(shown) == limit and habits.strikes(Habit.EMPTY_NEXT, account, oldest)
        )
        item = Item(base, self._world.songs, habits, account)
        return {
            "items": [item.played(entry) for entry in shown],
            "next": str(request.url.replace(query=more)) if leads_on else None,
            "cursors": self._cursors(account, shown),
            "limit": limit,
            "href": str(request.url),
        }

    def _cursors(self, account: str, shown: list[Entry]) -> dict[str, str] | None:
        habits = self._world.habits
        if not shown:
            return None if habits.has(Habit.EXHAUSTED) else {"after": "0", "before": "0"}
        after = shown[0].stamp_ms
        if habits.strikes(Habit.CUT_CURSOR, account):
            after -= after % 1000
        return {"after": str(after), "before": str(shown[-1].stamp_ms)}


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


def _quota_exceeded(wait: int) -> Response:
    error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    return Json({"error": error}, status_code=429, headers={"Retry-After": str(wait)})


def _too_many_in_words(wait: int) -> Response:
    headers = {"Retry-After": str(wait)}
    return PlainTextResponse("Too many requests", status_code=429, headers=headers)


TOO_MANY = (_too_many, _quota_exceeded, _too_many_in_words)
