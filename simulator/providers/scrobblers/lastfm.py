"""Last.fm: consent with a token, sessions that never expire, and all scrobbles in pages.

Methods are called by GET or POST, and answer in XML unless asked for JSON.
Shapes and habits: https://www.last.fm/api/webauth, /api/desktopauth, /api/rest, /api/errorcodes,
/api/show/user.getRecentTracks.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.answers import Json, page
from simulator.fields import form
from simulator.providers.consent import address, consent_page, error_page
from simulator.providers.scrobblers.lastfm_refusals import (
    FORGED,
    MISSING,
    NO_KEY,
    NO_METHOD,
    NO_SESSION,
    NO_USER,
    TOO_MANY,
    Refusal,
    RefusedError,
)
from simulator.providers.scrobblers.lastfm_tokens import Tokens
from simulator.providers.scrobblers.lastfm_tracks import recent_tracks
from simulator.providers.scrobblers.lastfm_xml import document
from simulator.providers.scrobblers.scrobbles import is_noisy, listening
from simulator.virtual_host import VirtualHost
from simulator.world import World

_LONGEST_PAGE = 200
_SEE_OTHER = 303
_REGISTERED = 1_262_304_000
"""When every account was registered (epoch seconds)."""


def hosts(world: World) -> list[VirtualHost]:
    service = _LastFm(world)
    consent = [Route("/api/auth/", service.authorize, methods=["GET", "POST"])]
    api = [Route("/2.0/", service.call, methods=["GET", "POST"])]
    return [
        VirtualHost("www.last.fm", "/lastfm/accounts", consent),
        VirtualHost("ws.audioscrobbler.com", "/lastfm/api", api),
    ]


class _LastFm:
    def __init__(self, world: World) -> None:
        self._world = world
        self._apps = world.apps["lastfm"]
        self._grants = world.grants["lastfm"]
        self._tokens = Tokens(self._grants, world.clock.now)

    async def authorize(self, request: Request) -> Response:
        """GET shows the page, POST submits the listener's decision.

        A web application sends the address to redirect to with a token, a desktop application the
        token that it already has.
        """
        answered = request.method == "POST"
        fields = await form(request) if answered else dict(request.query_params)
        if not self._is_sound(fields):
            return error_page("Invalid API key, callback or token")
        accounts = self._world.accounts("lastfm")
        if not answered:
            return consent_page("Connect to Last.fm", fields, accounts)
        account = fields.get("account", "")
        allowed = fields.get("decision") == "allow" and account in accounts
        token = self._allowed(fields, account) if allowed else None
        if "cb" not in fields:
            return page("Connect to Last.fm", "<p>You can close this page.</p>")
        back = address(fields["cb"], token=token) if token else fields["cb"]
        return RedirectResponse(back, status_code=_SEE_OTHER)

    def _is_sound(self, fields: Mapping[str, str]) -> bool:
        app = self._apps.client(fields.get("api_key", ""))
        if app is None:
            return False
        if "cb" in fields:
            return fields["cb"].partition("?")[0] in app.redirect_uris
        return self._tokens.is_issued(fields.get("token", ""), app.client_id)

    def _allowed(self, fields: Mapping[str, str], account: str) -> str:
        """The token that `account` allowed."""
        token = fields["token"] if "cb" not in fields else self._tokens.issue(fields["api_key"])
        self._tokens.allow(token, account)
        return token

    async def call(self, request: Request) -> Response:
        asked = dict(request.query_params) | await form(request)
        try:
            self._check_signature(asked)
            match asked.get("method", "").casefold():
                case "auth.gettoken":
                    return _answer(asked, {"token": self._new_token(asked)})
                case "auth.getsession":
                    return _answer(asked, {"session": self._session(asked)})
                case "user.getinfo":
                    return _answer(asked, {"user": self._user(asked)})
                case "user.getrecenttracks":
                    return await self._recent_tracks(asked, str(request.base_url).rstrip("/"))
        except RefusedError as refused:
            return _refused(asked, refused.refusal)
        return _refused(asked, NO_METHOD)

    def _check_signature(self, asked: Mapping[str, str]) -> None:
        app = self._apps.client(asked.get("api_key", ""))
        if app is None:
            raise RefusedError(NO_KEY)
        signed = sorted(set(asked) - {"format", "callback", "api_sig"})
        text = "".join(name + asked[name] for name in signed) + app.client_secret
        # Last.fm requires it; it only proves that the client knows the secret.
        expected = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        if asked.get("api_sig", expected) != expected:
            raise RefusedError(FORGED)

    def _new_token(self, asked: Mapping[str, str]) -> str:
        """A new token, not yet allowed by a user."""
        if "api_sig" not in asked:
            raise RefusedError(FORGED)
        return self._tokens.issue(asked["api_key"])

    def _session(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Exchanges an allowed token for a session: once, within an hour."""
        if "api_sig" not in asked:
            raise RefusedError(FORGED)
        consent = self._tokens.redeem(asked.get("token", ""), asked["api_key"])
        key = self._grants.issue_refresh(consent)
        return {"subscriber": 0, "name": consent.account, "key": key}

    def _user(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Without a `user`, the owner of the session."""
        account = self._account(asked)
        return {
            "name": account,
            "realname": "",
            "url": f"https://www.last.fm/user/{account}",
            "country": "None",
            "subscriber": "0",
            "playcount": str(len(listening(self._world, "lastfm", account))),
            "registered": {"unixtime": str(_REGISTERED), "#text": _REGISTERED},
            "type": "user",
        }

    def _account(self, asked: Mapping[str, str]) -> str:
        """The account that a method names. Raises RefusedError if there is none."""
        consent = self._grants.refresh(asked["sk"]) if "sk" in asked else None
        if "sk" in asked and consent is None:
            raise RefusedError(NO_SESSION)
        account = asked.get("user") or (consent.account if consent else "")
        if not account:
            raise RefusedError(MISSING)
        if not self._world.has_account("lastfm", account):
            raise RefusedError(NO_USER)
        return account

    async def _recent_tracks(self, asked: Mapping[str, str], base: str) -> Response:
        account = self._account(asked)

        def too_many(wait: int) -> Response:
            answer = _refused(asked, TOO_MANY)
            answer.headers["Retry-After"] = str(wait)
            return answer

        trouble = self._world.trouble["lastfm"]
        found = await trouble.answer(asked["api_key"], account, (too_many,))
        return found or self._page(account, asked, base)

    def _page(self, account: str, asked: Mapping[str, str], base: str) -> Response:
        """One page of the plays that began from `from` to `to`, both inclusive."""
        limit = min(_whole(asked, "limit", 50, least=1), _LONGEST_PAGE)
        number = _whole(asked, "page", 1, least=1)
        first, last = _whole(asked, "from", 0), _whole(asked, "to", 10**12)
        plays = listening(self._world, "lastfm", account)
        found = [play for play in plays if first <= play.started_at <= last]
        noisy = is_noisy(self._world, account)
        # A scrobble that arrives after the first page was read shifts the others by one.
        shift = int(noisy and number > 1 and "to" not in asked)
        begin = (number - 1) * limit - shift
        total = len(found) + shift
        return _answer(
            asked,
            recent_tracks(
                [(self._world.songs[play.song], play) for play in found[begin : begin + limit]],
                playing=self._world.songs[plays[0].song] if noisy and plays else None,
                base=base,
                extent={
                    "user": account,
                    "totalPages": str(-(-total // limit)),
                    "page": str(number),
                    "perPage": str(limit),
                    "total": str(total),
                },
            ),
        )


def _answer(asked: Mapping[str, str], body: Mapping[str, Any], status: int = 200) -> Response:
    if asked.get("format") == "json":
        return Json(body, status_code=status)
    return Response(document(body), status_code=status, media_type="text/xml")


def _refused(asked: Mapping[str, str], refusal: Refusal) -> Response:
    return _answer(asked, refusal.body(), refusal.status)


def _whole(asked: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    value = asked.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise RefusedError(Refusal(6, 400, f"{name} param out of bounds"))
    return int(value)
