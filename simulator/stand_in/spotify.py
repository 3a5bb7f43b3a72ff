"""A fast provider: Spotify's token endpoint and its recently played tracks.

An account's name is its refresh token, and part of its access tokens.
Source: developer.spotify.com/documentation/web-api/reference/get-recently-played.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

from simulator.stand_in.songs import Listener, PlayedSong

PAGE = 50
PER_DAY = 15
"""Plays a day of each account, as in a typical daily crawl."""
REFRESH_PREFIX = "AQ" + "r" * 110 + "-"
ACCESS_PREFIX = "BQ" + "a" * 200 + "-"
_DAY = 86_400


class Spotify:
    """`now` is the provider's time (epoch seconds)."""

    def __init__(self) -> None:
        self.now = 0
        self._pages: dict[str, tuple[int, bytes]] = {}

    def prepare(self, accounts: list[str]) -> None:
        """Builds the pages of `accounts` in advance, so that no request waits for them."""
        for account in accounts:
            self._page(account)

    async def token(self, request: web.Request) -> web.Response:
        [refresh] = parse_qs(await request.text())["refresh_token"]
        account = refresh.removeprefix(REFRESH_PREFIX)
        return web.json_response(
            {
                "access_token": ACCESS_PREFIX + account,
                "token_type": "Bearer",
                "expires_in": 3600,
                "scope": "user-read-recently-played",
            }
        )

    async def recently_played(self, request: web.Request) -> web.Response:
        bearer = request.headers["Authorization"].removeprefix("Bearer ")
        if not bearer.startswith(ACCESS_PREFIX):
            return web.json_response({"error": {"status": 401, "message": "token"}}, status=401)
        page = self._page(bearer.removeprefix(ACCESS_PREFIX))
        return web.Response(body=page, content_type="application/json")

    def _page(self, account: str) -> bytes:
        at, page = self._pages.get(account, (0, b""))
        if at != self.now:
            page = recently_played(account, self.now)
            self._pages[account] = self.now, page
        return page


def recently_played(account: str, now: int) -> bytes:
    """The last 50 plays of `account` at `now` as JSON."""
    played = Listener(account, PER_DAY).plays(now - 4 * _DAY, now)[-PAGE:]
    items = [_item(ended, song) for ended, song in reversed(played)]
    return msgspec.json.encode(
        {
            "href": f"https://api.spotify.com/v1/me/player/recently-played?limit={PAGE}",
            "items": items,
            "limit": PAGE,
            "next": None,
            "cursors": {"after": str(played[-1][0] * 1000), "before": str(played[0][0] * 1000)},
        }
    )


def _item(ended: int, song: PlayedSong) -> dict[str, Any]:
    stamp = datetime.fromtimestamp(ended, UTC).isoformat(timespec="milliseconds")
    return {
        "track": {
            "id": song.track_id,
            "name": song.title,
            "duration_ms": song.seconds * 1000,
            "explicit": False,
            "is_local": False,
            "type": "track",
            "uri": f"spotify:track:{song.track_id}",
            "href": f"https://api.spotify.com/v1/tracks/{song.track_id}",
            "external_ids": {"isrc": song.isrc},
            "external_urls": {"spotify": song.url},
            "artists": [_artist(name) for name in song.artists],
            "disc_number": 1,
            "track_number": 1,
            "popularity": 50,
            "preview_url": None,
            "album": {
                "id": song.track_id[::-1],
                "name": song.album,
                "album_type": "album",
                "release_date": "2019-05-17",
                "release_date_precision": "day",
                "total_tracks": 12,
                "artists": [_artist(name) for name in song.artists[:1]],
                "images": [
                    {"url": song.image, "height": size, "width": size} for size in (640, 300, 64)
                ],
            },
        },
        "played_at": stamp.replace("+00:00", "Z"),
        "context": None,
    }


def _artist(name: str) -> dict[str, Any]:
    artist_id = name.encode().hex()[:22].ljust(22, "0")
    return {
        "id": artist_id,
        "name": name,
        "type": "artist",
        "uri": f"spotify:artist:{artist_id}",
        "href": f"https://api.spotify.com/v1/artists/{artist_id}",
        "external_urls": {"spotify": f"https://open.spotify.com/artist/{artist_id}"},
    }
