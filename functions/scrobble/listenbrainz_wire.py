"""Listens as ListenBrainz's clients submit them, checked as its server does.

Source: listenbrainz-server, listenbrainz/webserver/views/api_tools.py, and the JSON documentation
at https://listenbrainz.readthedocs.io/en/latest/users/json.html. Messages are the server's.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from topk.domain.errors import BadPayloadError
from topk.domain.limits import LONGEST_NAME
from topk.domain.play import Play, Precision, Track
from topk.domain.play_rule import PlayReport
from topk.providers.http.units import link
from topk.usecases.scrobbling.submit_plays import AHEAD_SECONDS, SCROBBLER

EARLIEST = 1_033_410_600
"""2002-10-01, when Last.fm was founded."""
_LONGEST_SECONDS = 24 * 86_400
_MOST_TAGS = 50
_LONGEST_TAG = 64
_MBIDS = ("release_mbid", "recording_mbid", "release_group_mbid", "track_mbid")
_MBID_LISTS = ("artist_mbids", "work_mbids")
_MSID = uuid.UUID("6a2f9a8e-0c41-5f0e-9f0e-3d5c0b7f2a11")
"""Our namespace of recordings' ids."""

Json = Mapping[str, Any]


def read_listen(listen: Any, *, now: int) -> PlayReport:
    """The play of one listen, with how long it lasted if that is reported.

    Raises BadPayloadError with the server's message.
    """
    given = _object(listen, "Listen is empty and cannot be validated.")
    listened_at = _listened_at(given, now)
    if "track_metadata" not in given:
        raise BadPayloadError("JSON document must contain the key track_metadata at the top level.")
    if len(given) > 2:
        raise BadPayloadError(
            "JSON document may only contain listened_at and track_metadata top level keys"
        )
    metadata = given["track_metadata"]
    play = Play(SCROBBLER, _track(metadata), listened_at, Precision.EXACT)
    return PlayReport(play, _played(metadata.get("additional_info") or {}))


def check_playing_now(listen: Any) -> Track:
    """The track that is playing. Raises BadPayloadError as above."""
    given = _object(listen, "Listen is empty and cannot be validated.")
    if "listened_at" in given:
        raise BadPayloadError(
            "JSON document must not contain listened_at while submitting playing_now."
        )
    if "track_metadata" not in given:
        raise BadPayloadError("JSON document must contain the key track_metadata at the top level.")
    if len(given) > 1:
        raise BadPayloadError(
            "JSON document may only contain track_metadata as top level key when submitting "
            "playing_now."
        )
    return _track(given["track_metadata"])


def shown_listen(play: Play, *, user: str) -> dict[str, Any]:
    """A listen as the server returns it."""
    track = play.track
    info: dict[str, Any] = {"recording_msid": recording_msid(track)}
    if track.duration:
        info["duration"] = track.duration
    if track.isrc:
        info["isrc"] = track.isrc
    if track.url:
        info["origin_url"] = track.url
    if track.track_id:
        info["recording_mbid"] = track.track_id
    metadata: dict[str, Any] = {
        "additional_info": info,
        "artist_name": ", ".join(track.artists),
        "track_name": track.title,
    }
    if track.album:
        metadata["release_name"] = track.album
    return {
        "inserted_at": play.listened_at,
        "listened_at": play.listened_at,
        "recording_msid": info["recording_msid"],
        "track_metadata": metadata,
        "user_name": user,
    }


def recording_msid(track: Track) -> str:
    """The id of a recording: the same for the same artist and title."""
    return str(uuid.uuid5(_MSID, "\0".join((*track.artists, track.title))))


def is_uuid(value: object) -> bool:
    try:
        uuid.UUID(value)  # type: ignore[arg-type]
    except (AttributeError, TypeError, ValueError):
        return False
    return True


def _listened_at(given: Json, now: int) -> int:
    if "listened_at" not in given:
        raise BadPayloadError("JSON document must contain the key listened_at at the top level.")
    try:
        moment = int(given["listened_at"])
    except (TypeError, ValueError, OverflowError):
        raise BadPayloadError("JSON document must contain an int value for listened_at.") from None
    if moment >= now + AHEAD_SECONDS:
        raise BadPayloadError("Value for key listened_at is too high.")
    if moment < EARLIEST:
        raise BadPayloadError(
            "Value for key listened_at is too low. listened_at timestamp should be greater than "
            f"{EARLIEST} (2002-10-01 00:00:00 UTC)."
        )
    return moment


def _track(metadata: Any) -> Track:
    given = _object(metadata, "JSON document may not have track_metadata with null value.")
    title = _name(given, "track_name")
    artist = _name(given, "artist_name")
    album = _name(given, "release_name", required=False)
    info = given.get("additional_info") or {}
    info = _object(info, "track_metadata.additional_info must be an object.")
    _check_tags(info)
    duration = _duration(info)
    mbids = {key: _mbid(info, key) for key in _MBIDS}
    for key in _MBID_LISTS:
        _check_mbids(info, key)
    _check_nulls(given)
    return Track(
        track_id=mbids["recording_mbid"],
        title=title,
        artists=(artist,),
        album=album,
        duration=duration,
        isrc=_text(info.get("isrc")),
        url=link(_text(info.get("origin_url"))),
    )


def _object(value: Any, message: str) -> Json:
    if not isinstance(value, dict):
        raise BadPayloadError(message)
    return value


def _name(given: Json, key: str, *, required: bool = True) -> str:
    if key not in given:
        if required:
            raise BadPayloadError(
                f"JSON document does not contain required field track_metadata.{key}."
            )
        return ""
    value = given[key]
    if not isinstance(value, str):
        raise BadPayloadError(f"track_metadata.{key} must be a single string.")
    text = value.strip()
    if required and not text:
        raise BadPayloadError(f"field track_metadata.{key} is empty.")
    if len(text) > LONGEST_NAME:
        raise BadPayloadError(f"track_metadata.{key} is longer than {LONGEST_NAME} characters.")
    return text


def _text(value: Any) -> str:
    """A detail that submitters fill as they like; empty if it is no text of usual length."""
    return value if isinstance(value, str) and len(value) <= LONGEST_NAME else ""


def _check_tags(info: Json) -> None:
    tags = info.get("tags") or []
    if not isinstance(tags, list) or len(tags) > _MOST_TAGS:
        raise BadPayloadError(
            f"JSON document may not contain more than {_MOST_TAGS} items in "
            "track_metadata.additional_info.tags."
        )
    if any(not isinstance(tag, str) or len(tag) > _LONGEST_TAG for tag in tags):
        raise BadPayloadError(
            "JSON document may not contain track_metadata.additional_info.tags longer than "
            f"{_LONGEST_TAG} characters."
        )


def _duration(info: Json) -> int:
    """In seconds, 0 if not given."""
    if "duration" in info and "duration_ms" in info:
        raise BadPayloadError("JSON document should not contain both duration and duration_ms.")
    if "duration_ms" in info:
        return (_positive(info, "duration_ms", _LONGEST_SECONDS * 1000) + 500) // 1000
    return _positive(info, "duration", _LONGEST_SECONDS) if "duration" in info else 0


def _played(info: Json) -> int | None:
    """How many seconds the user listened; None if it is not reported. The server does not check
    this field, so an unreadable value does not refuse the listen.
    """
    try:
        seconds = int(float(info["duration_played"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return seconds if seconds >= 0 else None


def _positive(info: Json, key: str, most: int) -> int:
    invalid = f"Value for {key} is invalid, should be a positive integer."
    try:
        value = int(float(info[key]))
    except (TypeError, ValueError, OverflowError):
        raise BadPayloadError(invalid) from None
    if value <= 0:
        raise BadPayloadError(invalid)
    if value > most:
        raise BadPayloadError(f"Value for {key} is too large, max permitted value is {most}")
    return value


def _mbid(info: Json, key: str) -> str:
    """Empty if there is none: blank ones are dropped."""
    mbid = info.get(key)
    if not mbid:
        return ""
    if not is_uuid(mbid):
        raise BadPayloadError(f"{key} MBID format invalid.")
    return str(mbid)


def _check_mbids(info: Json, key: str) -> None:
    mbids = info.get(key) or []
    if not isinstance(mbids, list) or not all(is_uuid(mbid) for mbid in mbids if mbid):
        raise BadPayloadError(f"{key} MBID format invalid.")


def _check_nulls(given: Json) -> None:
    if any("\0" in text for text in _texts(given)):
        raise BadPayloadError("a value contains a unicode null")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
