"""Spotify's histories: "extended streaming history" and "account data".

Source: the ReadMeFirst files of both downloads, and exports that users of public readers reported
(krateng/maloja, gabehf/Koito). `ts` is when the song ended, in UTC; `endTime` the same to the
minute. `ms_played` is how long it was played. The length of a song is known only where it was
played to its end (`reason_end` is `trackdone`).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from topk.domain.imports.reading import Left, Record
from topk.domain.play import Play, Precision, Track
from topk.domain.play_rule import STANDARD
from topk.providers.histories import fields
from topk.providers.histories.fields import UnusableError
from topk.providers.histories.formats import Format, having, stateless

PROVIDER = "spotify"
_URI = re.compile(r"spotify:track:([A-Za-z0-9]{22})")
_DONE = "trackdone"
_UNKNOWN = frozenset({"unknown track", "unknown artist"})
"""In account data, for what was taken from the catalogue."""
_HALF_A_MINUTE = 30


def _extended(item: Any) -> Record:
    if item.get("episode_name") or item.get("spotify_episode_uri"):
        return Record(left=Left.PODCAST)
    if item.get("audiobook_title") or item.get("audiobook_uri"):
        return Record(left=Left.AUDIOBOOK)
    ended = fields.instant(item["ts"])
    played = fields.seconds_of(item["ms_played"])
    if item.get("master_metadata_track_name") is None:
        raise UnusableError(Left.DELETED)
    track = _track(item, fields.duration_of(played) if item.get("reason_end") == _DONE else 0)
    skipped = item.get("skipped") is True and item.get("reason_end") != _DONE
    return Record(
        (_play(item, track, ended),),
        # Of a song that was skipped and whose length is not known, four minutes alone are enough.
        played if not skipped or (played or 0) >= STANDARD.enough_seconds else None,
        skipped,
    )


def _track(item: Mapping[str, Any], duration: int) -> Track:
    uri = _URI.fullmatch(str(item.get("spotify_track_uri") or ""))
    return Track(
        track_id=uri.group(1) if uri else "",
        title=fields.name(item["master_metadata_track_name"], Left.TITLE),
        artists=(fields.name(item.get("master_metadata_album_artist_name"), Left.ARTIST),),
        album=fields.detail(item.get("master_metadata_album_album_name")),
        duration=duration,
        url=f"https://open.spotify.com/track/{uri.group(1)}" if uri else "",
    )


def _play(item: Mapping[str, Any], track: Track, ended: int) -> Play:
    """`ts` of what was played offline is that of the upload; its start is in a member of its own,
    in seconds or milliseconds.
    """
    if item.get("offline") is True and fields.number(item.get("offline_timestamp")):
        started = fields.epoch(item["offline_timestamp"])
        if started <= ended:
            return Play(PROVIDER, track, started, Precision.EXACT)
    return Play(PROVIDER, track, ended, Precision.END)


def _account(item: Any) -> Record:
    if "podcastName" in item:
        return Record(left=Left.PODCAST)
    ended = _minute(item["endTime"])
    played = fields.seconds_of(item["msPlayed"])
    title = fields.name(item.get("trackName"), Left.TITLE)
    artist = fields.name(item.get("artistName"), Left.ARTIST)
    if title.casefold() in _UNKNOWN or artist.casefold() in _UNKNOWN:
        raise UnusableError(Left.DELETED)
    return Record((Play(PROVIDER, Track("", title, (artist,)), ended, Precision.END),), played)


def _minute(text: Any) -> int:
    """The middle of a minute such as `2024-01-05 14:23`, in UTC."""
    try:
        moment = datetime.strptime(str(text), "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        return fields.instant(text)
    return fields.plausible(int(moment.timestamp()) + _HALF_A_MINUTE)


SPOTIFY_EXTENDED = Format("spotify_extended", having("ts", "ms_played"), stateless(_extended))
SPOTIFY_ACCOUNT = Format("spotify_account", having("endTime", "msPlayed"), stateless(_account))
