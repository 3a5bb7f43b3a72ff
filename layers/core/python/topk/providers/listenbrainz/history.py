"""ListenBrainz's export: JSON lines in files by month.

Source: https://listenbrainz.readthedocs.io/en/latest/users/json.html and the server's export
(listenbrainz/background/export.py). `listened_at` is when the song began. `duration_played` is how
many seconds of it were played, where a client tells.
"""

from collections.abc import Mapping
from typing import Any

from topk.domain.imports.reading import Left, Record
from topk.domain.play import Play, Precision, Track
from topk.providers.histories import fields
from topk.providers.histories.formats import Format, having, stateless
from topk.providers.http.units import link

PROVIDER = "listenbrainz"


def _read(item: Any) -> Record:
    told = item["track_metadata"]
    info, mapping = _object(told, "additional_info"), _object(told, "mbid_mapping")
    found = Track(
        track_id=fields.detail(info.get("recording_mbid") or mapping.get("recording_mbid")),
        title=fields.name(told.get("track_name"), Left.TITLE),
        artists=_artists(told, info),
        album=fields.detail(told.get("release_name")),
        duration=fields.duration_of(_duration(info)),
        isrc=fields.detail(info.get("isrc")),
        url=link(fields.detail(info.get("origin_url"))),
    )
    play = Play(PROVIDER, found, fields.epoch(item["listened_at"]), Precision.EXACT)
    return Record((play,), fields.number(info.get("duration_played")))


def _object(of: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    found = of.get(member)
    return found if isinstance(found, Mapping) else {}


def _artists(told: Mapping[str, Any], info: Mapping[str, Any]) -> tuple[str, ...]:
    names = info.get("artist_names")
    found = tuple(filter(None, map(fields.detail, names))) if isinstance(names, list) else ()
    return found or (fields.name(told.get("artist_name"), Left.ARTIST),)


def _duration(info: Mapping[str, Any]) -> float | None:
    """In seconds: clients write one of two members."""
    return fields.seconds_of(info.get("duration_ms")) or fields.number(info.get("duration"))


LISTENBRAINZ = Format("listenbrainz", having("listened_at", "track_metadata"), stateless(_read))
