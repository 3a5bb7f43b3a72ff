"""Scrobbles in Last.fm's JSON, which is converted from XML: numbers are strings, and a list of one
item is just that item."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from simulator.listeners.catalogue import Song
from simulator.listeners.covers import cover_path
from simulator.listeners.plays import Play
from simulator.listeners.spelling import lastfm_path, scrobbled_title
from simulator.listeners.unreadable import NO_SONG, broken_name

_SIZES = {"small": 34, "medium": 64, "large": 174, "extralarge": 300}


def recent_tracks(
    scrobbles: Sequence[tuple[Song, Play]],
    *,
    playing: Song | None,
    base: str,
    extent: dict[str, str],
) -> dict[str, Any]:
    """The response of user.getRecentTracks. The song `playing` comes first, before the page."""
    tracks = [
        _track(song, base)
        | {"date": _date(play.started_at)}
        | ({"name": broken_name(play)} if play.song == NO_SONG else {})
        for song, play in scrobbles
    ]
    if playing:
        tracks = [_track(playing, base) | {"@attr": {"nowplaying": "true"}}, *tracks]
    listed: Any = tracks[0] if len(tracks) == 1 else tracks
    return {"recenttracks": {"track": listed, "@attr": extent}}


def _track(song: Song, base: str) -> dict[str, Any]:
    return {
        "artist": {"mbid": "", "#text": song.singers[0]},
        "streamable": "0",
        "image": [
            {"size": name, "#text": base + cover_path(song, f"{size}.svg")}
            for name, size in _SIZES.items()
        ],
        "mbid": "",
        "album": {"mbid": "", "#text": song.album},
        "name": scrobbled_title(song),
        "url": "https://www.last.fm" + lastfm_path(song),
    }


def _date(at: int) -> dict[str, str]:
    return {"uts": str(at), "#text": f"{datetime.fromtimestamp(at, UTC):%d %b %Y, %H:%M}"}
