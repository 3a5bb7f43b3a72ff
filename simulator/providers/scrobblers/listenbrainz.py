"""ListenBrainz: MetaBrainz's authorization server, and all listens by time.

Shapes and habits: https://listenbrainz.readthedocs.io/en/latest/users/api/core.html.
"""

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.providers.dialect import Dialect, invalid_grant
from simulator.providers.grants import Consent
from simulator.providers.oauth import AuthorizationServer
from simulator.providers.revocation import Revocation
from simulator.providers.scrobblers.listenbrainz_listens import metadata, payload
from simulator.providers.scrobblers.scrobbles import is_noisy, listening
from simulator.virtual_host import VirtualHost
from simulator.world import World

SCOPES = frozenset(
    {"profile", "email", "tag", "rating", "collection", "submit_isrc", "submit_barcode"}
)
"""https://wiki.musicbrainz.org/Development/OAuth2"""
ACCESS_PREFIX = "meba_"
"""Distinguishes an access token from a user's token."""
_DEFAULT_COUNT, _MOST = 25, 1000
_LIMIT = "You have exceeded your rate limit. See the X-RateLimit-* response headers for more"
_FAR = 10**12

DIALECT = Dialect(
    title="Sign in with MusicBrainz",
    scopes=SCOPES,
    expires_in=3600,
    refusals={
        "client": (
            401,
            {"error": "invalid_client", "error_description": "Client not authentified"},
        ),
        "grant_type": (400, {"error": "unsupported_grant_type"}),
        "code": invalid_grant("Invalid authorization code"),
        "redirect": invalid_grant("Mismatched redirect URI"),
        "verifier": invalid_grant("Invalid PKCE verifier"),
        "refresh": invalid_grant("Invalid refresh token"),
        "revoked": invalid_grant("Invalid refresh token"),
    },
    durable=lambda request, _granted: request.offline,
    tells_scope=False,
    access_prefix=ACCESS_PREFIX,
)


def hosts(world: World) -> list[VirtualHost]:
    accounts = AuthorizationServer(world, "listenbrainz", DIALECT)
    revocation = Revocation(world.grants["listenbrainz"])
    listens = _Listens(world)
    consent = [
        Route("/oauth2/authorize", accounts.authorize, methods=["GET", "POST"]),
        Route("/oauth2/token", accounts.token, methods=["POST"]),
        Route("/oauth2/revoke", revocation.revoke, methods=["POST"]),
        Route("/oauth2/userinfo", listens.user),
    ]
    api = [
        Route("/1/validate-token", listens.validate_token),
        Route("/1/latest-import", listens.latest_import),
        Route("/1/user/{name}/listens", listens.listens),
        Route("/1/user/{name}/listen-count", listens.listen_count),
        Route("/1/user/{name}/playing-now", listens.playing_now),
    ]
    return [
        VirtualHost("musicbrainz.org", "/listenbrainz/accounts", consent),
        VirtualHost("api.listenbrainz.org", "/listenbrainz/api", api),
    ]


class _Listens:
    def __init__(self, world: World) -> None:
        self._world = world

    async def user(self, request: Request) -> Response:
        consent = self._consent(request)
        if consent is None:
            return _error(401, "Invalid authorization token.")
        profile = f"https://musicbrainz.org/user/{consent.account}"
        return Json({"sub": consent.account, "metabrainz_user_id": 1, "profile": profile})

    async def listens(self, request: Request) -> Response:
        """Listens are public, so the token of the request is ignored."""
        name = request.path_params["name"]
        if not self._world.has_account("listenbrainz", name):
            return _unknown(name)
        trouble = self._world.trouble["listenbrainz"]
        consent = self._consent(request)
        app = consent.client_id if consent else ""
        return await trouble.answer(app, name, (_too_many,)) or self._answer(request, name)

    async def listen_count(self, request: Request) -> Response:
        name = request.path_params["name"]
        if not self._world.has_account("listenbrainz", name):
            return _unknown(name)
        count = len(listening(self._world, "listenbrainz", name))
        return Json({"payload": {"count": count}}, headers=_RATE)

    async def playing_now(self, request: Request) -> Response:
        """The song that is playing now, if any; it has no time."""
        name = request.path_params["name"]
        if not self._world.has_account("listenbrainz", name):
            return _unknown(name)
        playing = self._playing(name)
        payload = {"count": len(playing), "listens": playing, "playing_now": True, "user_id": name}
        return Json({"payload": payload}, headers=_RATE)

    def _playing(self, name: str) -> list[dict[str, Any]]:
        plays = listening(self._world, "listenbrainz", name)
        if not plays or not is_noisy(self._world, name):
            return []
        song = self._world.songs[plays[0].song]
        return [{"playing_now": True, "track_metadata": metadata(song)}]

    async def latest_import(self, request: Request) -> Response:
        name = request.query_params.get("user_name", "")
        if not self._world.has_account("listenbrainz", name):
            return _unknown(name)
        return Json({"musicbrainz_id": name, "latest_import": 0}, headers=_RATE)

    async def validate_token(self, request: Request) -> Response:
        """The user of a token: a user's token or an access token."""
        token = request.query_params.get("token") or _authorization(request)
        if not token:
            return _error(400, "You need to provide an Authorization token.")
        account = self._account(token)
        if account is None:
            body = {"code": 200, "message": "Token invalid.", "valid": False}
        else:
            body = {"code": 200, "message": "Token valid.", "valid": True, "user_name": account}
        return Json(body, headers=_RATE)

    def _account(self, token: str) -> str | None:
        if token.startswith(ACCESS_PREFIX):
            consent = self._consent_of(token)
            return consent.account if consent else None
        accounts = self._world.accounts("listenbrainz")
        return next((one for one in accounts if user_token(one) == token), None)

    def _answer(self, request: Request, name: str) -> Response:
        query = request.query_params
        numbers = {"count": _DEFAULT_COUNT, "min_ts": -1, "max_ts": _FAR}
        for key in numbers:
            if key in query:
                if not query[key].isdecimal():
                    return _error(400, f"Invalid {key} argument: {query[key]}")
                numbers[key] = int(query[key])
        if "min_ts" in query and "max_ts" in query and numbers["min_ts"] >= numbers["max_ts"]:
            return _error(400, "min_ts should be less than max_ts")
        plays = listening(self._world, "listenbrainz", name)
        after, before = numbers["min_ts"], numbers["max_ts"]
        found = [play for play in plays if after < play.started_at < before]
        count = min(numbers["count"], _MOST)
        oldest_first = "min_ts" in query and "max_ts" not in query
        shown = found[-count:] if oldest_first and count else found[:count]
        return Json(payload(name, self._world.songs, plays, shown), headers=_RATE)

    def _consent(self, request: Request) -> Consent | None:
        return self._consent_of(_authorization(request))

    def _consent_of(self, token: str) -> Consent | None:
        grants = self._world.grants["listenbrainz"]
        access = grants.access(token)
        return access.consent if access and not grants.expired(access) else None


def user_token(account: str) -> str:
    """The token in a user's settings, which never expires."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://listenbrainz.org/settings/{account}"))


def _authorization(request: Request) -> str:
    """The token of a request, with any authorization scheme."""
    return request.headers.get("authorization", "").partition(" ")[2]


_RATE = {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": "29", "X-RateLimit-Reset-In": "10"}


def _unknown(name: str) -> Response:
    return _error(404, f"Cannot find user: {name}")


def _error(code: int, message: str) -> Response:
    return Json({"code": code, "error": message}, status_code=code)


def _too_many(wait: int) -> Response:
    answer = _error(429, _LIMIT)
    answer.headers.update(_RATE | {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": str(wait)})
    return answer
