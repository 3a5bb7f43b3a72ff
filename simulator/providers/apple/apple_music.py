"""Apple Music: the list of recently played tracks, behind a developer and a user token.

Shapes and habits: https://developer.apple.com/documentation/applemusicapi
(get-recently-played-tracks). The list has an order and no times.
"""

import uuid
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import bearer
from simulator.habit import Habit
from simulator.listeners.catalogue import Song, track_number
from simulator.listeners.covers import cover_path
from simulator.listeners.spelling import apple_album, apple_title, joined
from simulator.listeners.visible import list_as_of, recent_songs
from simulator.providers.apple.apple_keys import signing_team
from simulator.virtual_host import VirtualHost
from simulator.world import World

_HISTORY = "/v1/me/recent/played/tracks"
_DEFAULT_LIMIT, _LONGEST_PAGE = 10, 30
_MISSING = 2
"""Entries that are missing on a short page; the next page begins with them."""


def hosts(world: World) -> list[VirtualHost]:
    history = [Route(_HISTORY, _History(world).recently_played)]
    return [VirtualHost("api.music.apple.com", "/apple_music/api", history)]


class _History:
    def __init__(self, world: World) -> None:
        self._world = world

    async def recently_played(self, request: Request) -> Response:
        world = self._world
        team = signing_team(bearer(request), world.apps["apple_music"], world.clock.now())
        if team is None:
            return error(401, "Unauthorized", "The developer token is invalid or has expired")
        token = request.headers.get("music-user-token", "")
        consent = world.grants["apple_music"].refresh(token)
        if consent is None or consent.client_id != team:
            return error(403, "Forbidden", "Invalid authentication")
        trouble = await world.trouble["apple_music"].answer(team, consent.account, _TOO_MANY)
        return trouble or self._answer(request, consent.account)

    def _answer(self, request: Request, account: str) -> Response:
        limit = _whole(request, "limit", _DEFAULT_LIMIT)
        offset = _whole(request, "offset", 0)
        if not 1 <= limit <= _LONGEST_PAGE:
            return _invalid("limit", f"Value must be an integer from 1 to {_LONGEST_PAGE}")
        if offset < 0:
            return _invalid("offset", "Value must be a whole number")
        types = request.query_params.get("types", "")
        world, now = self._world, self._world.clock.now()
        plays, habits = world.plays_of("apple_music", account), world.habits
        as_of = list_as_of(plays, now, habits, account)
        listed = recent_songs(plays, as_of, habits, account)
        recent = [entry for entry in listed if not types or _type(entry) in types.split(",")]
        if habits.strikes(Habit.SHORT_PAGE, account, int(now), offset):
            limit = max(1, limit - _MISSING)
        base = str(request.base_url).rstrip("/")
        shown = recent[offset : offset + limit]
        answer: dict[str, Any] = {"data": [self._entry(base, at) for at in shown]}
        if offset + limit < len(recent):
            answer = {"next": _next(offset + limit, types)} | answer
        return Json(answer)

    def _entry(self, base: str, listed: int) -> dict[str, Any]:
        if listed < 0:
            return {"id": f"i.fake{-listed}", "type": _type(listed), "href": ""}
        return _track(base, self._world.songs[listed])


def _type(listed: int) -> str:
    return "library-songs" if listed < 0 else "songs"


def _next(offset: int, types: str) -> str:
    """The link to the next page; like Apple's, it omits the limit."""
    query = {"offset": str(offset)} | ({"types": types} if types else {})
    return f"{_HISTORY}?{urlencode(query, safe=',')}"


def _whole(request: Request, name: str, default: int) -> int:
    """A number in the query; -1 if it is not valid."""
    value = request.query_params.get(name, str(default))
    return int(value) if value.isdecimal() else -1


def _track(base: str, song: Song) -> dict[str, Any]:
    return {
        "id": song.apple_id,
        "type": "songs",
        "href": f"/v1/catalog/us/songs/{song.apple_id}",
        "attributes": {
            "name": apple_title(song),
            "artistName": joined(song.singers),
            "albumName": apple_album(song),
            "isrc": song.isrc,
            "durationInMillis": song.duration_ms,
            "trackNumber": track_number(song),
            "genreNames": ["Alternative", "Music"],
            "url": f"https://music.apple.com/us/song/{song.apple_id}",
            "artwork": {
                "url": base + cover_path(song, "{w}x{h}bb.jpg"),
                "width": 3000,
                "height": 3000,
            },
            "playParams": {"id": song.apple_id, "kind": "song"},
        },
    }


def error(status: int, title: str, detail: str, code: int = 0, parameter: str = "") -> Response:
    """Apple's error document, which names an invalid `parameter`.

    A code is the status followed by two digits.
    https://developer.apple.com/documentation/applemusicapi/error
    """
    body: dict[str, Any] = {
        "id": uuid.uuid4().hex.upper()[:26],
        "title": title,
        "detail": detail,
        "status": str(status),
        "code": f"{status}{code:02}",
    }
    if parameter:
        body["source"] = {"parameter": parameter}
    return Json({"errors": [body]}, status_code=status)


def _invalid(parameter: str, detail: str) -> Response:
    return error(400, "Invalid Parameter Value", detail, code=5, parameter=parameter)


def _too_many(wait: int) -> Response:
    answer = error(429, "Too Many Requests", "The request rate for this token is exceeded")
    answer.headers["Retry-After"] = str(wait)
    return answer


_TOO_MANY = (_too_many,)
