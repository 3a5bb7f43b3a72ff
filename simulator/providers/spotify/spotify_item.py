"""An entry of Spotify's recently-played history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.catalogue import TRACKS, Song, other_track_id, release_year, track_number
from simulator.listeners.covers import cover_path
from simulator.listeners.plays import Play
from simulator.listeners.ring import Entry, Kind
from simulator.listeners.spelling import spotify_artists, spotify_title
from simulator.listeners.unreadable import broken_name

_MARKETS = ["AR", "AU", "BR", "DE", "FR", "GB", "JP", "US"]
"""A few of the about 180 markets that Spotify lists."""


@dataclass(frozen=True, slots=True)
class Item:
    """Formats the entries of `account`. `base` is the base URL of the covers."""

    base: str
    songs: Sequence[Song]
    habits: Habits
    account: str

    def played(self, entry: Entry) -> dict[str, Any]:
        stamp = datetime.fromtimestamp(entry.stamp_ms / 1000, UTC)
        return {
            "track": self._track(entry),
            "played_at": stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "context": None,
        }

    def _track(self, entry: Entry) -> dict[str, Any] | None:
        if entry.kind is Kind.GONE:
            return None
        song = self.songs[entry.play.song]
        track_id = self._track_id(song, entry.play)
        track = _track(self.base, song, track_id)
        if entry.kind is Kind.BROKEN:
            return track | {"name": broken_name(entry.play)}
        odd = self.habits.strikes(Habit.ODD, self.account, entry.play.started_at)
        if entry.kind is Kind.LOCAL:
            return track | _local(song, track) | (_odd_local(track) if odd else {})
        if odd:
            track |= _odd(track)
        if self.habits.strikes(Habit.NO_ISRC, self.account, entry.play.started_at):
            return track | {"external_ids": {}}
        return track

    def _track_id(self, song: Song, play: Play) -> str:
        usual = song.spotify_ids[play.started_at % len(song.spotify_ids)]
        struck = self.habits.strikes(Habit.OTHER_ID, self.account, play.started_at)
        return other_track_id(song) if struck and usual == song.spotify_ids[0] else usual


def _track(base: str, song: Song, track_id: str) -> dict[str, Any]:
    named = track_id if track_id in song.spotify_ids else song.spotify_ids[0]
    return {
        "id": track_id,
        "name": spotify_title(song, named),
        "duration_ms": song.duration_ms,
        "explicit": False,
        "is_local": False,
        "type": "track",
        "uri": f"spotify:track:{track_id}",
        "href": f"https://api.spotify.com/v1/tracks/{track_id}",
        "available_markets": _MARKETS,
        "disc_number": 1,
        "track_number": track_number(song),
        "popularity": song.index % 100,
        "preview_url": None,
        "external_ids": {"isrc": song.isrc},
        "external_urls": {"spotify": f"https://open.spotify.com/track/{track_id}"},
        "artists": [_artist(name) for name in spotify_artists(song)],
        "album": _album(base, song),
    }


def _album(base: str, song: Song) -> dict[str, Any]:
    album_id = f"{song.index:022}"
    return {
        "id": album_id,
        "name": song.album,
        "type": "album",
        "uri": f"spotify:album:{album_id}",
        "href": f"https://api.spotify.com/v1/albums/{album_id}",
        "external_urls": {"spotify": f"https://open.spotify.com/album/{album_id}"},
        "album_type": "single" if song.single else "album",
        "artists": [_artist(song.singers[0])],
        "available_markets": _MARKETS,
        "release_date": f"{release_year(song)}-03-14",
        "release_date_precision": "day",
        "total_tracks": 1 if song.single else TRACKS,
        "images": [
            {"url": base + cover_path(song, f"{size}.svg"), "height": size, "width": size}
            for size in (640, 300, 64)
        ],
    }


def _local(song: Song, track: dict[str, Any]) -> dict[str, Any]:
    """A local file of the listener: names, but no id, link or picture."""
    names = spotify_artists(song)
    parts = (names[0], song.album, track["name"], str(song.duration_ms // 1000))
    return {
        "id": None,
        "is_local": True,
        "uri": "spotify:local:" + ":".join(map(quote_plus, parts)),
        "href": None,
        "available_markets": [],
        "disc_number": 0,
        "track_number": 0,
        "popularity": 0,
        "external_ids": {},
        "external_urls": {},
        "artists": [_NOBODY | {"name": name, "type": "artist"} for name in names],
        "album": _NOBODY
        | {
            "name": song.album,
            "type": "album",
            "album_type": None,
            "artists": [],
            "available_markets": [],
            "release_date": None,
            "release_date_precision": None,
            "images": [],
        },
    }


def _odd(track: dict[str, Any]) -> dict[str, Any]:
    """Floats for integers and nulls for names, as in the spring of 2024.

    Source: github.com/felix-hilden/tekore, issues on types of `duration_ms`, `width` and `name`.
    """
    sizes = [{**one, "width": float(one["width"])} for one in track["album"]["images"]]
    return {
        "duration_ms": float(track["duration_ms"]),
        "artists": [*track["artists"], _NOBODY | {"name": None, "type": "artist"}],
        "album": track["album"] | {"images": [{"url": None}, *sizes]},
    }


def _odd_local(track: dict[str, Any]) -> dict[str, Any]:
    """The duration of a local file as an object, as in the winter of 2023."""
    return {"duration_ms": {"totalMilliseconds": track["duration_ms"]}}


_NOBODY: dict[str, Any] = {"id": None, "uri": None, "href": None, "external_urls": {}}
"""Spotify's values for unknown artists and albums."""


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
