"""Calls of Last.fm's clients: parameters, signatures, and scrobbles in array notation.

Source: https://www.last.fm/api/authspec, https://www.last.fm/api/show/track.scrobble and
https://www.last.fm/api/errorcodes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl

from topk.domain.account.personal_token import md5
from topk.domain.limits import LONGEST_NAME, MOST_SCROBBLES
from topk.domain.play import Play, Precision, Track
from topk.runtime.api import Request
from topk.usecases.scrobbling.personal_tokens import same
from topk.usecases.scrobbling.submit_plays import SCROBBLER

Params = Mapping[str, str]
_MOST_FIELDS = 1000
_UNSIGNED = frozenset({"api_sig", "format", "callback"})
_INDEXED = re.compile(r"([A-Za-z]+)\[([0-9]{1,4})\]")
_LONGEST_SECONDS = 24 * 86_400
_SHOWN = ("track", "artist", "album", "albumArtist")


class Failure(Enum):
    """An error of Last.fm: its code, the HTTP status, and the message."""

    NO_METHOD = (3, 400, "Invalid Method - No method with that name in this package")
    NOT_SIGNED_IN = (
        4,
        403,
        "Authentication Failed - You do not have permissions to access the service",
    )
    INVALID = (6, 400, "Invalid parameters - Your request is missing a required parameter")
    NOT_POSTED = (6, 400, "Invalid parameters - This method must be called with POST")
    TOO_MANY = (
        6,
        413,
        f"Invalid parameters - At most {MOST_SCROBBLES} scrobbles may be sent at once",
    )
    NO_USER = (6, 404, "User not found")
    FAILED = (8, 409, "Operation failed - This user has as many players as are allowed")
    NO_SESSION = (9, 403, "Invalid session key - Please re-authenticate")
    NO_KEY = (10, 403, "Invalid API key - You must be granted a valid key by last.fm")
    FORGED = (13, 403, "Invalid method signature supplied")
    UNAUTHORIZED = (14, 403, "Unauthorized Token - This token has not been authorized")
    EXPIRED = (15, 403, "This token has expired")
    UNAVAILABLE = (16, 503, "The service is temporarily unavailable, please try again.")
    LOGIN = (17, 403, "Login: User requires to be logged in")
    TOO_SOON = (29, 429, "Rate Limit Exceeded - Your user has made too many requests")


class FailedError(Exception):
    """A call that Last.fm refuses."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.name)
        self.failure = failure


class Ignored(Enum):
    """Why a scrobble is ignored: Last.fm's code and message."""

    NOT = (0, "")
    ARTIST = (1, "Artist was ignored")
    TRACK = (2, "Track was ignored")
    TOO_OLD = (3, "Timestamp was too old")
    TOO_NEW = (4, "Timestamp was too new")


@dataclass(frozen=True, slots=True)
class Scrobble:
    """One scrobble as it was sent and as it is read: `play` is None if it is `ignored`."""

    sent: Params
    play: Play | None
    ignored: Ignored = Ignored.NOT
    skipped: bool = False

    def shown(self, name: str) -> tuple[str, bool]:
        """The value of `name` as it is stored, and whether that differs from what was sent."""
        sent = self.sent.get(name, "")
        read = sent.strip()
        return read, read != sent


def read_params(request: Request) -> dict[str, str]:
    """The parameters of the query and of the form, in which clients divide them as they like.

    Raises FailedError for a form with too many.
    """
    try:
        body = request.body.decode("utf-8", "replace")
        form = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise FailedError(Failure.INVALID) from None
    return {**request.query, **dict(form)}


def is_signed(params: Params, secret: str) -> bool:
    """Whether `api_sig` is the MD5 over all other parameters in order, and the secret."""
    signed = sorted((name, value) for name, value in params.items() if name not in _UNSIGNED)
    text = "".join(name + value for name, value in signed) + secret
    return same(params.get("api_sig", "").lower(), md5(text))


def read_scrobbles(params: Params) -> list[Scrobble]:
    """The scrobbles of a call, in order of their indexes; one without an index is the first.

    Raises FailedError if there is none, or more than MOST_SCROBBLES.
    """
    items: dict[int, dict[str, str]] = {}
    for key, value in params.items():
        found = _INDEXED.fullmatch(key)
        name, index = (found[1], int(found[2])) if found else (key, 0)
        if found or name in _FIELDS:
            items.setdefault(index, {})[name] = value
    if not any(_REQUIRED & item.keys() for item in items.values()):
        raise FailedError(Failure.INVALID)
    if len(items) > MOST_SCROBBLES:
        raise FailedError(Failure.TOO_MANY)
    return [_scrobble(item) for _, item in sorted(items.items())]


_REQUIRED = frozenset({"artist", "track", "timestamp"})
_FIELDS = _REQUIRED | {"album", "albumArtist", "duration", "mbid", "trackNumber"}


def read_track(sent: Params) -> Track | Ignored:
    """The track of a scrobble, or why it is ignored."""
    artist, title = sent.get("artist", "").strip(), sent.get("track", "").strip()
    if not artist or len(artist) > LONGEST_NAME:
        return Ignored.ARTIST
    if not title or len(title) > LONGEST_NAME:
        return Ignored.TRACK
    album, mbid = sent.get("album", "").strip(), sent.get("mbid", "").strip()
    return Track(
        track_id=mbid if len(mbid) <= LONGEST_NAME else "",
        title=title,
        artists=(artist,),
        album=album[:LONGEST_NAME],
        duration=read_seconds(sent.get("duration", "")),
    )


def read_seconds(text: str) -> int:
    """A duration in seconds; 0 for what is none."""
    try:
        seconds = int(float(text))
    except (ValueError, OverflowError):
        return 0
    return seconds if 0 < seconds <= _LONGEST_SECONDS else 0


def read_timestamp(text: str) -> int | None:
    """Epoch seconds; None for what is none."""
    try:
        return int(text) if len(text) <= 20 else None
    except ValueError:
        return None


def corrections(scrobble: Scrobble) -> dict[str, dict[str, str]]:
    """Last.fm's fields of a scrobble, each with whether it was corrected."""
    shown: dict[str, dict[str, str]] = {}
    for name in _SHOWN:
        text, corrected = scrobble.shown(name)
        shown[name] = {"corrected": str(int(corrected)), "#text": text}
    return shown


def _scrobble(sent: Params) -> Scrobble:
    track = read_track(sent)
    if isinstance(track, Ignored):
        return Scrobble(sent, None, track)
    moment = read_timestamp(sent.get("timestamp", ""))
    if moment is None:
        return Scrobble(sent, None, Ignored.TOO_OLD)
    return Scrobble(sent, Play(SCROBBLER, track, moment, Precision.EXACT))
