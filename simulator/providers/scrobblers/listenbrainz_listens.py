"""Listens as ListenBrainz writes them: https://listenbrainz.readthedocs.io/en/latest/users/json.html."""

import uuid
from collections.abc import Sequence
from typing import Any

from simulator.listeners.catalogue import Song
from simulator.listeners.plays import Play
from simulator.listeners.spelling import joined, scrobbled_title, spotify_artists
from simulator.listeners.unreadable import NO_SONG, broken_name


def payload(
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
    return {
        "inserted_at": int(play.known_at),
        "listened_at": play.started_at,
        "recording_msid": _msid(song),
        "track_metadata": metadata(song)
        | ({"track_name": broken_name(play)} if play.song == NO_SONG else {}),
        "user_name": name,
    }


def _msid(song: Song) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, song.isrc))


def metadata(song: Song) -> dict[str, Any]:
    return {
        "additional_info": {
            "recording_msid": _msid(song),
            "isrc": song.isrc,
            "duration_ms": song.duration_ms,
            "origin_url": f"https://open.spotify.com/track/{song.spotify_ids[0]}",
            "music_service": "spotify.com",
        },
        "artist_name": joined(spotify_artists(song)),
        "mbid_mapping": {},
        "release_name": song.album,
        "track_name": scrobbled_title(song),
    }
