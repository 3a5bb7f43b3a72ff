"""Spotify: extended streaming history and account data."""

from datetime import UTC, datetime
from typing import Any

from simulator.histories.listening import ENOUGH_SECONDS, LEAST_SECONDS, Played
from simulator.histories.writer import NOW, Writer, by_seconds, iso, number_of, object_of


def _spotify(one: Played, **more: Any) -> str:
    return object_of(
        {
            "ts": iso(one.ended),
            "platform": "android",
            "ms_played": one.seconds * 1000 + 123,
            "conn_country": "DE",
            "master_metadata_track_name": one.title,
            "master_metadata_album_artist_name": one.artist,
            "master_metadata_album_album_name": one.album,
            "spotify_track_uri": f"spotify:track:{number_of(one.title):022d}",
            "episode_name": None,
            "episode_show_name": None,
            "spotify_episode_uri": None,
            "reason_start": "trackdone",
            "reason_end": "fwdbtn" if one.skipped else "trackdone",
            "shuffle": False,
            "skipped": one.skipped,
            "offline": False,
            "offline_timestamp": None,
            "incognito_mode": False,
            **more,
        }
    )


def _account(one: Played) -> str:
    ended = datetime.fromtimestamp(one.ended, UTC).strftime("%Y-%m-%d %H:%M")
    return object_of(
        {
            "endTime": ended,
            "artistName": one.artist,
            "trackName": one.title,
            "msPlayed": one.seconds * 1000,
        }
    )


EXTENDED = Writer(
    "spotify_extended",
    "Spotify Extended Streaming History/Streaming_History_Audio_2026_1.json",
    _spotify,
    not_songs=(
        _spotify(NOW, episode_name="An episode", master_metadata_track_name=None),
        _spotify(NOW, audiobook_title="A book", master_metadata_track_name=None),
    ),
    unreadable=(
        _spotify(NOW, master_metadata_track_name=None),
        _spotify(NOW, ts="never"),
        _spotify(NOW).replace("Some Song", "Half \\ud83d"),
        '{"ts": "2026-11-01T00:00:00Z" "ms_played": 1}',
    ),
    counts=lambda one: one.seconds >= (ENOUGH_SECONDS if one.skipped else LEAST_SECONDS),
    stamp=lambda one: one.ended,
    encoding="utf-8-sig",
)
ACCOUNT = Writer(
    "spotify_account",
    "Spotify Account Data/StreamingHistory_music_0.json",
    _account,
    not_songs=(object_of({"endTime": "2026-11-01 10:00", "podcastName": "A", "msPlayed": 1}),),
    unreadable=(
        _account(Played("Unknown Track", "Unknown Artist", "", 200, 1_790_000_000, 200)),
        object_of({"endTime": "then", "msPlayed": 60000, "trackName": "a", "artistName": "b"}),
    ),
    counts=by_seconds,
    stamp=lambda one: one.ended // 60 * 60 + 30,
)
