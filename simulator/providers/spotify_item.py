"""A play as Spotify's recently-played history shows it."""

from datetime import UTC, datetime
from typing import Any

from simulator.catalogue import Song
from simulator.covers import cover_path
from simulator.plays import Play
from simulator.spelling import spotify_artists, spotify_title


def played(base: str, song: Song, play: Play) -> dict[str, Any]:
    """The track with the end of the play. `base` is where the covers are."""
    ended = datetime.fromtimestamp(play.ended_ms / 1000, UTC)
    return {
        "track": _track(base, song, play),
        "played_at": ended.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "context": None,
    }


def _track(base: str, song: Song, play: Play) -> dict[str, Any]:
    track_id = song.spotify_ids[play.started_at % len(song.spotify_ids)]
    return {
        "id": track_id,
        "name": spotify_title(song, track_id),
        "duration_ms": song.duration_ms,
        "explicit": False,
        "is_local": False,
        "type": "track",
        "uri": f"spotify:track:{track_id}",
        "href": f"https://api.spotify.com/v1/tracks/{track_id}",
        "external_ids": {"isrc": song.isrc},
        "external_urls": {"spotify": f"https://open.spotify.com/track/{track_id}"},
        "artists": [_artist(name) for name in spotify_artists(song)],
        "album": {
            "id": f"{song.index:022}",
            "name": song.album,
            "album_type": "single" if song.single else "album",
            "images": [
                {"url": base + cover_path(song, f"{size}.svg"), "height": size, "width": size}
                for size in (640, 300, 64)
            ],
        },
    }


def _artist(name: str) -> dict[str, str]:
    artist_id = name.encode().hex()[:22].ljust(22, "0")
    uri = f"spotify:artist:{artist_id}"
    return {"id": artist_id, "name": name, "type": "artist", "uri": uri}
