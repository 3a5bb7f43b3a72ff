"""A partner that implements the product's own protocol, docs/provider-contract.md."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import bearer
from simulator.listeners.catalogue import Song
from simulator.listeners.covers import cover_path
from simulator.listeners.plays import Play
from simulator.listeners.spelling import partner_id
from simulator.listeners.unreadable import NO_SONG, broken_name
from simulator.providers.dialect import Dialect
from simulator.providers.oauth import AuthorizationServer
from simulator.providers.revocation import Revocation
from simulator.providers.scrobblers.scrobbles import listening
from simulator.virtual_host import VirtualHost
from simulator.world import World

SCOPE = "listens:read"
_DEFAULT_PAGE, _LONGEST_PAGE = 100, 1000
_FAR = 10**12
_INVALID_GRANT = 400, {"error": "invalid_grant"}

DIALECT = Dialect(
    title="Sign in with the partner",
    scopes={SCOPE},
    expires_in=3600,
    refusals={
        "client": (401, {"error": "invalid_client"}),
        "grant_type": (400, {"error": "unsupported_grant_type"}),
        "code": _INVALID_GRANT,
        "redirect": _INVALID_GRANT,
        "verifier": _INVALID_GRANT,
        "refresh": _INVALID_GRANT,
        "revoked": _INVALID_GRANT,
    },
    durable=lambda _request, _granted: True,
    rotates=True,
    names_user=True,
    names_issuer=True,
    pkce_required=True,
)


def hosts(world: World) -> list[VirtualHost]:
    accounts = AuthorizationServer(world, "partner", DIALECT)
    consent = [
        Route("/authorize", accounts.authorize, methods=["GET", "POST"]),
        Route("/token", accounts.token, methods=["POST"]),
        Route("/revoke", Revocation(world.grants["partner"]).revoke, methods=["POST"]),
    ]
    history = [Route("/third_party/{user_id}/listen", _Listens(world).listens)]
    return [
        VirtualHost("accounts.partner.example", "/partner/accounts", consent),
        VirtualHost("api.partner.example", "/partner/api", history),
    ]


class _Listens:
    def __init__(self, world: World) -> None:
        self._world = world

    async def listens(self, request: Request) -> Response:
        grants, account = self._world.grants["partner"], request.path_params["user_id"]
        access = grants.access(bearer(request))
        if access is None or grants.expired(access):
            return _error(401, "invalid_token")
        if access.consent.account != account:
            return _error(404, "unknown_user")
        trouble = self._world.trouble["partner"]
        found = await trouble.answer(access.consent.client_id, account, (_too_many,))
        return found or self._answer(request, account)

    def _answer(self, request: Request, account: str) -> Response:
        """Oldest first, since <= listened_at < until; the cursor is the last listen shown."""
        query = request.query_params
        numbers = {"since": 0, "until": _FAR, "per_page": _DEFAULT_PAGE, "cursor": -1}
        for name in numbers:
            if name in query:
                if not query[name].isdecimal():
                    return _error(400, "invalid_request")
                numbers[name] = int(query[name])
        if not 1 <= numbers["per_page"] <= _LONGEST_PAGE:
            return _error(400, "invalid_request")
        first = max(numbers["since"], numbers["cursor"] + 1)
        plays = listening(self._world, "partner", account)
        found = [play for play in reversed(plays) if first <= play.started_at < numbers["until"]]
        shown = found[: numbers["per_page"]]
        base, songs = str(request.base_url).rstrip("/"), self._world.songs
        return Json(
            {
                "listens": [as_listen(base, songs[play.song], play) for play in shown],
                "next_cursor": str(shown[-1].started_at) if len(found) > len(shown) else None,
            }
        )


def as_listen(base: str, song: Song, play: Play) -> dict[str, Any]:
    """A listen in the format for polls and pushes. `base` is the URL of the world."""
    return {
        "listened_at": play.started_at,
        "track": {
            "id": partner_id(song),
            "title": broken_name(play) if play.song == NO_SONG else song.name,
            "artists": [*song.singers, *song.guests],
            "album": song.album,
            "duration_ms": song.duration_ms,
            "isrc": song.isrc,
            "url": f"https://partner.example/tracks/{partner_id(song)}",
            "image": base + cover_path(song, "300.svg"),
        },
    }


def _error(status: int, error: str) -> Response:
    return Json({"error": error}, status_code=status)


def _too_many(wait: int) -> Response:
    answer = _error(429, "rate_limited")
    answer.headers["Retry-After"] = str(wait)
    return answer
