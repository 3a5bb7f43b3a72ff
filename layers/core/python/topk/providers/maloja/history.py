"""Maloja's export and its API's list of scrobbles.

Source: github.com/krateng/maloja, proccontrol/tasks/export.py and database/sqldb.py, and imports in
gabehf/Koito. An album has its name in `albumtitle`, in exports of old versions in `name`. `time` is
when the song began, `duration` how many seconds of it were played and `track.length` how long it
is; both are often null.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from topk.domain.imports.reading import Left, Record
from topk.domain.play import Play, Precision, Track
from topk.providers.histories import fields
from topk.providers.histories.formats import Format, stateless

PROVIDER = "maloja"
_SEPARATOR = " • "
"""Between artists that a client reported as one."""


def _fits(sample: Sequence[Any]) -> bool:
    return any(
        isinstance(one, dict) and "time" in one and isinstance(one.get("track"), dict)
        for one in sample
    )


def _read(item: Any) -> Record:
    track = item["track"]
    album = track.get("album")
    found = Track(
        track_id="",
        title=fields.name(track.get("title"), Left.TITLE),
        artists=_artists(track.get("artists")),
        album=_album(album) if isinstance(album, Mapping) else "",
        duration=fields.duration_of(fields.number(track.get("length"))),
    )
    played = fields.number(item.get("duration"))
    play = Play(PROVIDER, found, fields.epoch(item["time"]), Precision.EXACT)
    return Record((play,), played if played and played > 0 else None)


def _artists(given: Any) -> tuple[str, ...]:
    """Each once, those of the credit that names several first."""
    listed = given if isinstance(given, list) else [given]
    names = [fields.name(one, Left.ARTIST) for one in listed]
    names.sort(key=lambda one: _SEPARATOR not in one)
    apart = [part for one in names for part in one.split(_SEPARATOR)]
    found = tuple({part.casefold(): part for part in reversed(apart)}.values())[::-1]
    return found or (fields.name(None, Left.ARTIST),)


def _album(album: Mapping[str, Any]) -> str:
    return fields.detail(album.get("albumtitle")) or fields.detail(album.get("name"))


MALOJA = Format("maloja", _fits, stateless(_read))
