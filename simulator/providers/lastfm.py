"""Last.fm: consent with a token, sessions that never expire, and all scrobbles in pages.

Shapes and habits: https://www.last.fm/api/webauth, /api/show/user.getRecentTracks, /api/errorcodes.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import form
from simulator.providers.consent import address, consent_page, error_page
from simulator.providers.grants import Consent
from simulator.providers.lastfm_tracks import recent_tracks
from simulator.providers.scrobbles import is_noisy, listening
from simulator.virtual_host import VirtualHost
from simulator.world import World

TOKEN_SECONDS = 3600
_LONGEST_PAGE = 200
_SEE_OTHER = 303
_ERRORS = {
    4: (403, "Authentication Failed - You do not have permissions to access the service"),
    6: (404, "User not found"),
    9: (403, "Invalid session key - Please re-authenticate"),
    10: (403, "Invalid API key - You must be granted a valid key by last.fm"),
    13: (403, "Invalid method signature supplied"),
    14: (403, "Unauthorized Token - This token has not been authorized"),
    15: (403, "This token has expired"),
    3: (400, "Invalid Method - No method with that name in this package"),
    7: (400, "Invalid parameters - Your request is missing a required parameter"),
}
_TOO_MANY = "Rate Limit Exceeded - Your IP has made too many requests in a short period"


class RefusedError(Exception):
    """The argument is one of Last.fm's error codes."""


def hosts(world: World) -> list[VirtualHost]:
    service = _LastFm(world)
    consent = [Route("/api/auth/", service.authorize, methods=["GET", "POST"])]
    return [
        VirtualHost("www.last.fm", "/lastfm/accounts", consent),
        VirtualHost("ws.audioscrobbler.com", "/lastfm/api", [Route("/2.0/", service.call)]),
    ]


class _LastFm:
    def __init__(self, world: World) -> None:
        self._world = world
        self._apps = world.apps["lastfm"]
        self._grants = world.grants["lastfm"]
        self._tokens: dict[str, tuple[Consent, float]] = {}

    async def authorize(self, request: Request) -> Response:
        """GET shows the page, POST is the listener's answer to it: back with a token, or not."""
        answered = request.method == "POST"
        fields = await form(request) if answered else dict(request.query_params)
        app = self._apps.client(fields.get("api_key", ""))
        back = fields.get("cb", "")
        if app is None or back.partition("?")[0] not in app.redirect_uris:
            return error_page("Invalid API key or callback")
        accounts = self._world.accounts("lastfm")
        if not answered:
            return consent_page("Connect to Last.fm", fields, accounts)
        account = fields.get("account", "")
        if fields.get("decision") != "allow" or account not in accounts:
            return RedirectResponse(back, status_code=_SEE_OTHER)
        token = self._grants.make("token")
        expires_at = self._world.clock.now() + TOKEN_SECONDS
        self._tokens[token] = Consent(app.client_id, account, ""), expires_at
        return RedirectResponse(address(back, token=token), status_code=_SEE_OTHER)

    async def call(self, request: Request) -> Response:
        asked = dict(request.query_params)
        try:
            self._check_signature(asked)
            match asked.get("method", "").casefold():
                case "auth.getsession":
                    return Json({"session": self._session(asked)})
                case "user.getrecenttracks":
                    return await self._recent_tracks(asked, str(request.base_url).rstrip("/"))
                case _:
                    return _error(3)
        except RefusedError as refused:
            return _error(int(str(refused)))

    def _check_signature(self, asked: Mapping[str, str]) -> None:
        app = self._apps.client(asked.get("api_key", ""))
        if app is None:
            raise RefusedError(10)
        signed = sorted(set(asked) - {"format", "callback", "api_sig"})
        text = "".join(name + asked[name] for name in signed) + app.client_secret
        # As Last.fm demands: it proves the secret, it protects nothing.
        expected = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        if asked.get("api_sig", expected) != expected:
            raise RefusedError(13)

    def _session(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """A token serves once, within an hour."""
        if "api_sig" not in asked:
            raise RefusedError(13)
        consent, expires_at = self._tokens.pop(asked.get("token", ""), (None, 0.0))
        if consent is None or consent.client_id != asked["api_key"]:
            raise RefusedError(14)
        if self._world.clock.now() >= expires_at:
            raise RefusedError(15)
        key = self._grants.issue_refresh(consent)
        return {"subscriber": 0, "name": consent.account, "key": key}

    async def _recent_tracks(self, asked: Mapping[str, str], base: str) -> Response:
        account = asked.get("user", "")
        if "sk" in asked and self._grants.refresh(asked["sk"]) is None:
            raise RefusedError(9)
        if not self._world.has_account("lastfm", account):
            raise RefusedError(6)
        trouble = self._world.trouble["lastfm"]
        found = await trouble.answer(asked["api_key"], account, (_too_many,))
        return found or self._page(account, asked, base)

    def _page(self, account: str, asked: Mapping[str, str], base: str) -> Response:
        """One page of what began from `from` to `to`, both included."""
        limit, page = _whole(asked, "limit", 50), _whole(asked, "page", 1)
        first, last = _whole(asked, "from", 0), _whole(asked, "to", 10**12)
        if not 1 <= limit <= _LONGEST_PAGE or page < 1:
            raise RefusedError(7)
        plays = listening(self._world, "lastfm", account)
        found = [play for play in plays if first <= play.started_at <= last]
        noisy = is_noisy(self._world, account)
        # A scrobble that arrives after the first page was read pushes the others back by one.
        shift = int(noisy and page > 1 and "to" not in asked)
        begin = (page - 1) * limit - shift
        total = len(found) + shift
        return Json(
            recent_tracks(
                [(self._world.songs[play.song], play) for play in found[begin : begin + limit]],
                playing=self._world.songs[plays[0].song] if noisy and plays else None,
                base=base,
                extent={
                    "user": account,
                    "totalPages": str(-(-total // limit)),
                    "page": str(page),
                    "perPage": str(limit),
                    "total": str(total),
                },
            )
        )


def _error(code: int) -> Response:
    status, message = _ERRORS[code]
    return Json({"message": message, "error": code}, status_code=status)


def _whole(asked: Mapping[str, str], name: str, default: int) -> int:
    value = asked.get(name, str(default))
    if not value.isdecimal():
        raise RefusedError(7)
    return int(value)


def _too_many(wait: int) -> Response:
    body = {"message": _TOO_MANY, "error": 29}
    return Json(body, status_code=429, headers={"Retry-After": str(wait)})
