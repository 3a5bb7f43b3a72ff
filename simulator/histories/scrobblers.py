"""Last.fm's tools, ListenBrainz, Maloja and Koito."""

import json
from datetime import UTC, datetime
from typing import Any

from simulator.histories.listening import Played
from simulator.histories.writer import NOW, Writer, by_rule, iso, object_of, row


def _ghan(one: Played) -> str:
    moment = datetime.fromtimestamp(one.started, UTC).strftime("%d %b %Y, %H:%M")
    return row(one.started, moment, one.artist, "", one.album, "", one.title, "")


def _benben(one: Played) -> str:
    moment = datetime.fromtimestamp(one.started, UTC).strftime("%d %b %Y, %H:%M")
    return row(one.artist, one.album, one.title, moment)


def _scrobble(one: Played, **more: Any) -> str:
    return object_of(
        {
            "artist": {"mbid": "", "#text": one.artist},
            "streamable": "0",
            "image": [{"size": "small", "#text": ""}],
            "mbid": "",
            "album": {"mbid": "", "#text": one.album},
            "name": one.title,
            "url": "https://www.last.fm/music/x",
            "date": {"uts": str(one.started), "#text": ""},
            **more,
        }
    )


def _page(one: Played, **more: Any) -> str:
    """A page of the API with one scrobble."""
    return f'{{"track":[{_scrobble(one, **more)}],"@attr":{{"page":"1"}}}}'


def _stats(one: Played) -> str:
    return object_of(
        {
            "track": one.title,
            "artist": one.artist,
            "album": one.album,
            "albumId": "",
            "date": one.started * 1000,
        }
    )


def _listen(one: Played, **info: Any) -> str:
    more = {"duration_ms": one.length * 1000, "duration_played": one.seconds, **info}
    return object_of(
        {
            "inserted_at": one.ended,
            "listened_at": one.started,
            "track_metadata": {
                "track_name": one.title,
                "artist_name": one.artist,
                "release_name": one.album,
                "additional_info": more,
                "mbid_mapping": None,
            },
        }
    )


def _maloja(one: Played) -> str:
    return json.dumps(
        {
            "time": one.started,
            "track": {
                "artists": [one.artist],
                "title": one.title,
                "album": {"artists": [one.artist], "albumtitle": one.album},
                "length": one.length,
            },
            "duration": one.seconds,
            "origin": "client:default",
        },
        indent=3,
    )


def _alias(name: str) -> list[dict[str, Any]]:
    return [{"alias": name, "source": "Canonical", "is_primary": True}]


def _koito(one: Played) -> str:
    return object_of(
        {
            "listened_at": iso(one.started),
            "client": "Navidrome",
            "track": {"mbid": None, "duration": one.length, "aliases": _alias(one.title)},
            "album": {"image_url": "", "mbid": None, "aliases": _alias(one.album)},
            "artists": [{"image_url": "", "is_primary": True, "aliases": _alias(one.artist)}],
        }
    )


_GHAN = ("uts", "utc_time", "artist", "artist_mbid", "album", "album_mbid", "track", "track_mbid")
_UNDATED = Played("Some Song", "The Someones", "", 200, 0, 200)
"""Services write the epoch where they know no time."""


def _semicolons(one: Played) -> str:
    return row(one.artist, one.album, "", one.title, one.started * 1000, separator=";")


SCROBBLERS = (
    Writer(
        "lastfm_csv",
        "recenttracks-listener-1790000000.csv",
        _ghan,
        before=f"{row(*_GHAN)}\n",
        between="\n",
        after="\n",
        unreadable=(_ghan(_UNDATED), row("", "now", "A", "", "B", "", "C", "")),
    ),
    Writer(
        "lastfm_csv",
        "lastfmstats-listener.csv",
        _semicolons,
        before="Artist;Album;AlbumId;Track;Date#listener\r\n",
        between="\r\n",
        after="\r\n",
        unreadable=(_semicolons(_UNDATED),),
        newest_first=True,
        encoding="utf-8-sig",
    ),
    Writer(
        "lastfm_plain_csv",
        "listener.csv",
        _benben,
        before="",
        between="\n",
        after="\n",
        unreadable=(row("A", "B", "C", ""),),
        newest_first=True,
    ),
    Writer(
        "lastfm_json",
        "recenttracks-listener.json",
        _page,
        not_songs=(_page(NOW, **{"@attr": {"nowplaying": "true"}}, date=None),),
        unreadable=(_page(NOW, name=""), _page(_UNDATED)),
        newest_first=True,
    ),
    Writer(
        "lastfmstats_json",
        "lastfmstats-listener.json",
        _stats,
        before='{"username":"listener","scrobbles":[',
        after="]}",
        unreadable=(_stats(_UNDATED),),
    ),
    Writer(
        "listenbrainz",
        "listens/2026/11.jsonl",
        _listen,
        before="",
        between="\n",
        after="\n",
        unreadable=(
            object_of({"listened_at": None, "track_metadata": {"track_name": "a"}}),
            _listen(NOW).replace("The Someones", ""),
        ),
        counts=by_rule,
    ),
    Writer(
        "maloja",
        "maloja_export_2026_11_22.json",
        _maloja,
        before='{"maloja": {"export_time": 1790000000}, "scrobbles": [',
        after="]}",
        unreadable=(_maloja(_UNDATED), _maloja(NOW).replace("Some Song", "")),
        counts=by_rule,
    ),
    Writer(
        "koito",
        "koito_export.json",
        _koito,
        before='{"version": "1", "exported_at": "2026-11-22T12:00:00Z", "user": "a", "listens": [',
        after="]}",
        unreadable=(_koito(_UNDATED), _koito(NOW).replace("The Someones", "")),
    ),
)
