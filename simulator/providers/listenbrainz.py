"""ListenBrainz: MetaBrainz's authorization server, and all listens by time.

Shapes and habits: https://listenbrainz.readthedocs.io/en/latest/users/api/core.html.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.catalogue import Song
from simulator.fields import bearer
from simulator.plays import Play
from simulator.providers.grants import Consent
from simulator.providers.oauth import AuthorizationServer, Dialect, invalid_grant
from simulator.providers.revocation import Revocation
from simulator.providers.scrobbles import listening
from simulator.spelling import joined, scrobbled_title, spotify_artists
from simulator.virtual_host import VirtualHost
from simulator.world import World

SCOPES = frozenset(
    {"profile", "email", "tag", "rating", "collection", "submit_isrc", "submit_barcode"}
)
"""https://wiki.musicbrainz.org/Development/OAuth2"""
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
    history = [Route("/1/user/{name}/listens", listens.listens)]
    return [
        VirtualHost("musicbrainz.org", "/listenbrainz/accounts", consent),
        VirtualHost("api.listenbrainz.org", "/listenbrainz/api", history),
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
        """Listens are public; a token is checked where one is given."""
        name = request.path_params["name"]
        consent = self._consent(request)
        if consent is None and "authorization" in request.headers:
            return _error(401, "Invalid authorization token.")
        if not self._world.has_account("listenbrainz", name):
            return _error(404, f"Cannot find user: {name}")
        trouble = self._world.trouble["listenbrainz"]
        app = consent.client_id if consent else ""
        return await trouble.answer(app, name, (_too_many,)) or self._answer(request, name)

    def _answer(self, request: Request, name: str) -> Response:
        query = request.query_params
        numbers = {"count": _DEFAULT_COUNT, "min_ts": -1, "max_ts": _FAR}
        for key in numbers:
            if key in query:
                if not query[key].isdecimal():
                    return _error(400, f"Invalid {key} argument: {query[key]}")
                numbers[key] = int(query[key])
        if "min_ts" in query and "max_ts" in query and numbers["min_ts"] >= numbers["max_ts"]:
            return _error(400, "max_ts should be greater than min_ts")
        plays = listening(self._world, "listenbrainz", name)
        after, before = numbers["min_ts"], numbers["max_ts"]
        found = [play for play in plays if after < play.started_at < before]
        count = min(numbers["count"], _MOST)
        oldest_first = "min_ts" in query and "max_ts" not in query
        shown = found[-count:] if oldest_first and count else found[:count]
        return Json(_payload(name, self._world.songs, plays, shown), headers=_RATE)

    def _consent(self, request: Request) -> Consent | None:
        grants = self._world.grants["listenbrainz"]
        access = grants.access(bearer(request))
        return access.consent if access and not grants.expired(access) else None


_RATE = {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": "29", "X-RateLimit-Reset-In": "10"}


def _payload(
    name: str, songs: Sequence[Song], plays: Sequence[Play], shown: Sequence[Play]
) -> dict[str, Any]:
    return {
        "payload": {
            "count": len(shown),
            "latest_listen_ts": plays[0].started_at if plays else 0,
            "listens": [_listen(name, songs[play.song], play) for play in shown],
            "oldest_listen_ts": plays[-1].started_at if plays else 0,
            "user_id": name,
        }
    }


def _listen(name: str, song: Song, play: Play) -> dict[str, Any]:
    msid = str(uuid.uuid5(uuid.NAMESPACE_URL, song.isrc))
    return {
        "inserted_at": int(play.known_at),
        "listened_at": play.started_at,
        "recording_msid": msid,
        "track_metadata": {
            "additional_info": {
                "recording_msid": msid,
                "isrc": song.isrc,
                "duration_ms": song.duration_ms,
                "origin_url": f"https://open.spotify.com/track/{song.spotify_ids[0]}",
                "music_service": "spotify.com",
            },
            "artist_name": joined(spotify_artists(song)),
            "mbid_mapping": {},
            "release_name": song.album,
            "track_name": scrobbled_title(song),
        },
        "user_name": name,
    }


def _error(code: int, message: str) -> Response:
    return Json({"code": code, "error": message}, status_code=code)


def _too_many(wait: int) -> Response:
    answer = _error(429, _LIMIT)
    answer.headers.update(_RATE | {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": str(wait)})
    return answer
