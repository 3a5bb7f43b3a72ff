"""The protocol of Last.fm's web service, for its unmodified clients.

Source: https://www.last.fm/api. Reads need a session, which the real server does not ask for, and
answer its own user only.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from functions.scrobble.lastfm_wire import (
    FailedError,
    Failure,
    Ignored,
    Params,
    Scrobble,
    corrections,
    is_signed,
    read_params,
    read_scrobbles,
    read_timestamp,
    read_track,
)
from functions.scrobble.rendering import failed, rendered
from functions.scrobble.request_token import new_request, verify_request
from functions.scrobble.tokens import new_token
from functions.scrobble.wiring import scrobbling
from topk.domain.account.personal_token import PersonalToken, md5
from topk.domain.errors import (
    InvalidRequestError,
    LimitReachedError,
    NotVisibleError,
    TokenError,
    TooSoonError,
    TopkError,
)
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.domain.play_rule import PlayReport
from topk.runtime.api import Answer, Request, Route
from topk.runtime.observability import count, logger
from topk.runtime.scrobbler_apps import ScrobblerApp
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.scrobbling import submit_plays as submitting
from topk.usecases.scrobbling.first_list import build_first_list
from topk.usecases.scrobbling.personal_tokens import authenticate, begin_session, same, sign_in
from topk.usecases.scrobbling.submit_plays import SCROBBLER, history, submit_plays

_DEFAULT_TRACKS = 50
_MOST_TRACKS = 200
_WHY = {
    None: Ignored.NOT,
    submitting.Ignored.TOO_OLD: Ignored.TOO_OLD,
    submitting.Ignored.FUTURE: Ignored.TOO_NEW,
    submitting.Ignored.SKIPPED: Ignored.TRACK,
}
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call with its application. `session` raises FailedError if it has none."""

    request: Request
    params: Params
    app: ScrobblerApp

    @property
    def now(self) -> int:
        return self.request.now

    def need(self, name: str) -> str:
        value = self.params.get(name, "")
        if not value:
            raise FailedError(Failure.INVALID)
        return value

    def session(self) -> PersonalToken:
        return authenticated(self.need("sk"), self.app.tenant, now=self.now)


def authenticated(key: str, tenant: str, *, now: int) -> PersonalToken:
    """The session of `key`, charged with one call. Raises FailedError if there is none."""
    parts = scrobbling()
    try:
        found = authenticate(key, tenant=tenant, stores=parts.stores, now=now)
        read_profile(found.owner, profiles=parts.profiles)
    except (TokenError, NotVisibleError):
        raise FailedError(Failure.NO_SESSION) from None
    parts.calls.charge(found.owner, now=now)
    return found


def _get_token(call: _Call) -> Content:
    return {"token": new_request(call.app.shared_secret, now=call.now)}


def _get_session(call: _Call) -> Content:
    token = call.need("token")
    verify_request(token, call.app.shared_secret, now=call.now)
    try:
        key, made = begin_session(
            token, stores=scrobbling().stores, new_token=_new_key, now=call.now
        )
    except TokenError:
        raise FailedError(Failure.UNAUTHORIZED) from None
    return _session(made.owner, key)


def _get_mobile_session(call: _Call) -> Content:
    name = call.need("username")
    password, digest = call.params.get("password"), call.params.get("authToken", "")
    if password is None and not digest:
        raise FailedError(Failure.INVALID)

    def verifies(known: str) -> bool:
        if password is not None:
            return same(md5(password), known)
        return any(same(digest.lower(), md5(one + known)) for one in (name, name.lower()))

    try:
        owner = Owner.of(call.app.tenant, name)
        key = sign_in(owner, verifies, stores=scrobbling().stores, now=call.now)
    except (InvalidRequestError, TokenError):
        raise FailedError(Failure.NOT_SIGNED_IN) from None
    return _session(owner, key)


def _session(owner: Owner, key: str) -> Content:
    return {"session": {"name": owner.user, "key": key, "subscriber": "0"}}


def _new_key() -> str:
    return new_token().replace("-", "")


def _update_now_playing(call: _Call) -> Content:
    """Accepted and not stored: only what was played counts."""
    call.session()
    if not (call.params.get("artist") and call.params.get("track")):
        raise FailedError(Failure.INVALID)
    track = read_track(call.params)
    ignored = track if isinstance(track, Ignored) else Ignored.NOT
    shown = Scrobble(call.params, None, ignored)
    return {"nowplaying": {**corrections(shown), "ignoredMessage": _message(ignored)}}


def _scrobble(call: _Call) -> Content:
    token = call.session()
    scrobbles = read_scrobbles(call.params)
    why = store(token, scrobbles, now=call.now)
    accepted = why.count(Ignored.NOT)
    shown = [
        {
            **corrections(one),
            "timestamp": one.sent.get("timestamp", ""),
            "ignoredMessage": _message(ignored),
        }
        for one, ignored in zip(scrobbles, why, strict=True)
    ]
    return {
        "scrobbles": {
            "@attr": {"accepted": accepted, "ignored": len(why) - accepted},
            "scrobble": shown if len(shown) > 1 else shown[0],
        }
    }


def store(token: PersonalToken, scrobbles: list[Scrobble], *, now: int) -> list[Ignored]:
    """Store what can be stored; for each scrobble, why it was ignored."""
    parts = scrobbling()
    reports = [PlayReport(one.play, skipped=one.skipped) for one in scrobbles if one.play]
    days = parts.settings.retention_days
    found = submit_plays(
        token.owner,
        reports,
        plays=parts.plays,
        retention_days=days,
        now=now,
        rule=parts.settings.play_rule_of(token.owner.tenant),
    )
    build_first_list(token, reports, parts.lists, now=now)
    reasons = iter(found.ignored)
    why = [_WHY[next(reasons)] if one.play else one.ignored for one in scrobbles]
    counts = {"ListensPushed": found.accepted, "ListensRejected": len(why) - found.accepted}
    count(counts, provider=SCROBBLER)
    return why


def _message(ignored: Ignored) -> dict[str, str]:
    code, message = ignored.value
    return {"code": str(code), "#text": message}


def _user_info(call: _Call) -> Content:
    token = _reader(call)
    return {
        "user": {
            "name": token.owner.user,
            "realname": "",
            "url": "",
            "country": "",
            "subscriber": "0",
            "type": "user",
            "playcount": str(len(_history(call, token.owner))),
            "registered": {"unixtime": str(token.created_at), "#text": str(token.created_at)},
        }
    }


def _recent_tracks(call: _Call) -> Content:
    owner = _reader(call).owner
    first, last = _whole(call, "from", 0), _whole(call, "to", 0)
    found = [
        play
        for play in _history(call, owner)
        if play.listened_at >= first and (not last or play.listened_at <= last)
    ]
    size = min(max(1, _whole(call, "limit", _DEFAULT_TRACKS)), _MOST_TRACKS)
    page = max(1, _whole(call, "page", 1))
    return {
        "recenttracks": {
            "@attr": {
                "user": owner.user,
                "page": str(page),
                "perPage": str(size),
                "totalPages": str(math.ceil(len(found) / size)),
                "total": str(len(found)),
            },
            "track": [_track(play) for play in found[(page - 1) * size : page * size]],
        }
    }


def _track(play: Play) -> Content:
    track = play.track
    shown = datetime.fromtimestamp(play.listened_at, UTC).strftime("%d %b %Y, %H:%M")
    return {
        "artist": {"mbid": "", "#text": ", ".join(track.artists)},
        "name": track.title,
        "streamable": "0",
        "mbid": track.track_id,
        "album": {"mbid": "", "#text": track.album},
        "url": track.url,
        "image": [],
        "date": {"uts": str(play.listened_at), "#text": shown},
    }


def _reader(call: _Call) -> PersonalToken:
    """The session's own user, who may be named."""
    if not call.params.get("sk"):
        raise FailedError(Failure.LOGIN)
    token = call.session()
    if call.params.get("user", token.owner.user) != token.owner.user:
        raise FailedError(Failure.NO_USER)
    return token


def _history(call: _Call, owner: Owner) -> list[Play]:
    parts = scrobbling()
    kept = call.now - parts.settings.retention_days * 86_400
    return history(owner, plays=parts.plays, since=kept)


def _whole(call: _Call, name: str, default: int) -> int:
    value = read_timestamp(call.params.get(name, "") or str(default))
    if value is None:
        raise FailedError(Failure.INVALID)
    return value


@dataclass(frozen=True, slots=True)
class _Method:
    answer: Callable[[_Call], Content]
    writes: bool = False
    signed: bool = True


_METHODS: Mapping[str, _Method] = {
    "auth.gettoken": _Method(_get_token),
    "auth.getsession": _Method(_get_session),
    "auth.getmobilesession": _Method(_get_mobile_session, writes=True),
    "track.updatenowplaying": _Method(_update_now_playing, writes=True),
    "track.scrobble": _Method(_scrobble, writes=True),
    "user.getinfo": _Method(_user_info, signed=False),
    "user.getrecenttracks": _Method(_recent_tracks, signed=False),
}


def _answer(request: Request) -> Answer:
    as_json = request.query.get("format", "") == "json"
    try:
        params = read_params(request)
        as_json = params.get("format", "") == "json"
        return rendered(_called(request, params), as_json=as_json)
    except FailedError as error:
        failure = error.failure
    except TopkError as error:
        failure = failure_of(error)
    code, status, message = failure.value
    return failed(code, status, message, as_json=as_json)


def failure_of(error: TopkError) -> Failure:
    match error:
        case TooSoonError():
            return Failure.TOO_SOON
        case LimitReachedError():
            return Failure.FAILED
        case _:
            logger().error("failed", extra={"reason": str(error)})
            return Failure.UNAVAILABLE


def _called(request: Request, params: Params) -> Content:
    method = _METHODS.get(params.get("method", "").lower())
    if method is None:
        raise FailedError(Failure.NO_METHOD)
    if method.writes and request.route.startswith("GET "):
        raise FailedError(Failure.NOT_POSTED)
    app = app_of(params.get("api_key", ""), request)
    # A session is as good as a signature, which some clients send with it and some do not.
    if (method.signed or "api_sig" in params) and not is_signed(params, app.shared_secret):
        raise FailedError(Failure.FORGED)
    return method.answer(_Call(request, params, app))


def app_of(api_key: str, request: Request) -> ScrobblerApp:
    """Raises FailedError for a key that is no tenant's, or another's."""
    app = scrobbling().apps.by_key(api_key, request.api_of)
    if app is None:
        raise FailedError(Failure.NO_KEY)
    return app


ROUTES: Mapping[str, Route] = {
    f"{method} {path}": _answer for method in ("GET", "POST") for path in ("/2.0", "/2.0/{slash+}")
}
