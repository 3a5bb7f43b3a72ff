"""AudioScrobbler 1.2, which many players still speak.

Source: the submissions protocol at https://www.last.fm/api/submissions. The password is a personal
token. Clients read the first line only, and every response but an outage has the status 200.
"""

from collections.abc import Callable, Mapping

from functions.scrobble.lastfm import app_of, authenticated, failure_of, store
from functions.scrobble.lastfm_wire import (
    FailedError,
    Failure,
    Ignored,
    Params,
    Scrobble,
    read_params,
    read_timestamp,
    read_track,
)
from functions.scrobble.rendering import text
from functions.scrobble.wiring import scrobbling
from topk.domain.account.personal_token import md5
from topk.domain.errors import InvalidRequestError, TokenError, TopkError
from topk.domain.limits import MOST_SCROBBLES
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision
from topk.runtime.api import Answer, Request, Route
from topk.usecases.scrobbling.personal_tokens import same, sign_in
from topk.usecases.scrobbling.submit_plays import SCROBBLER

_CLOCK_SECONDS = 3600
"""How far a player's clock may be off before it is refused. A digest is worthless after that."""
_SKIPPED = frozenset({"B", "S"})
"""Ratings of a song that the user banned or skipped: both end it early."""
_FIELDS = {"artist": "a", "track": "t", "album": "b", "duration": "l", "mbid": "m"}


def _handshake(request: Request) -> Answer:
    params = request.query
    if params.get("hs") != "true":
        return text("FAILED This is no handshake\n")
    sent = params.get("t", "")
    moment = read_timestamp(sent)
    if moment is None or abs(moment - request.now) > _CLOCK_SECONDS:
        return text("BADTIME\n")
    try:
        key = _signed_in(request, params, sent)
    except (FailedError, InvalidRequestError, TokenError) as error:
        if isinstance(error, FailedError) and error.failure is Failure.TOO_SOON:
            raise
        return text("BADAUTH\n")
    root = f"{request.base_url}/audioscrobbler"
    return text(f"OK\n{key}\n{root}/np_1.2\n{root}/protocol_1.2\n")


def _signed_in(request: Request, params: Params, sent: str) -> str:
    """The session key, by a password or by a session of the web service."""
    digest, key = params.get("a", "").lower(), params.get("sk", "")
    if key:
        app = app_of(params.get("api_key", ""), request)
        if not same(digest, md5(app.shared_secret + sent)):
            raise TokenError("is unknown or revoked")
        authenticated(key, app.tenant, now=request.now)
        return key
    owner = Owner.of(request.api_of, params.get("u", ""))
    return sign_in(
        owner,
        lambda known: same(digest, md5(known + sent)),
        stores=scrobbling().stores,
        now=request.now,
    )


def _now_playing(request: Request) -> Answer:
    """Accepted and not stored: only what was played counts."""
    params = read_params(request)
    authenticated(params.get("s", ""), request.api_of, now=request.now)
    if isinstance(read_track(_sent(params, "")), Ignored):
        return text("FAILED The artist or the track is missing\n")
    return text("OK\n")


def _submit(request: Request) -> Answer:
    """Invalid items are dropped, as at the real server: players repeat what is refused."""
    params = read_params(request)
    token = authenticated(params.get("s", ""), request.api_of, now=request.now)
    scrobbles = [
        _scrobble(
            _sent(params, f"[{index}]"),
            params.get(f"i[{index}]", ""),
            skipped=params.get(f"r[{index}]", "").upper() in _SKIPPED,
        )
        for index in range(MOST_SCROBBLES)
        if f"a[{index}]" in params or f"t[{index}]" in params
    ]
    if not scrobbles:
        return text("FAILED No submissions\n")
    store(token, scrobbles, now=request.now)
    return text("OK\n")


def _sent(params: Params, index: str) -> Params:
    return {name: params.get(f"{key}{index}", "") for name, key in _FIELDS.items()}


def _scrobble(sent: Params, began: str, *, skipped: bool) -> Scrobble:
    track, moment = read_track(sent), read_timestamp(began)
    if isinstance(track, Ignored):
        return Scrobble(sent, None, track)
    if moment is None:
        return Scrobble(sent, None, Ignored.TOO_OLD)
    play = Play(SCROBBLER, track, moment, Precision.EXACT)
    return Scrobble(sent, play, skipped=skipped)


def _answered(call: Callable[[Request], Answer]) -> Route:
    """`call`, with its errors as the protocol's first lines."""

    def answer(request: Request) -> Answer:
        try:
            return call(request)
        except FailedError as error:
            failure = error.failure
        except TopkError as error:
            failure = failure_of(error)
        if failure is Failure.NO_SESSION:
            return text("BADSESSION\n")
        _, status, message = failure.value
        return text(f"FAILED {message}\n", status if failure is Failure.UNAVAILABLE else 200)

    return answer


ROUTES: Mapping[str, Route] = {
    "GET /audioscrobbler": _answered(_handshake),
    "GET /audioscrobbler/{slash+}": _answered(_handshake),
    "POST /audioscrobbler/np_1.2": _answered(_now_playing),
    "POST /audioscrobbler/protocol_1.2": _answered(_submit),
}
