"""The protocol of ListenBrainz, for its unmodified clients.

Source: https://listenbrainz.readthedocs.io/en/latest/users/api/core.html and listenbrainz-server,
listenbrainz/webserver/views/api.py. Two things differ. The real server is public, while this one
answers reads of a token's own user only. And it refuses a whole call for one invalid listen, while
this one stores the valid ones and lists the others under `rejected`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

import msgspec

from functions.scrobble.listenbrainz_wire import (
    check_playing_now,
    is_uuid,
    read_listen,
    recording_msid,
    shown_listen,
)
from functions.scrobble.wiring import scrobbling
from topk.domain.account.personal_token import PersonalToken
from topk.domain.errors import (
    BadPayloadError,
    NotVisibleError,
    TokenError,
    TooSoonError,
    TopkError,
)
from topk.domain.limits import (
    LARGEST_SCROBBLES_BODY,
    MOST_LISTENS,
    MOST_SCROBBLE_CALLS,
)
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.domain.play_rule import PlayReport
from topk.runtime.api import Answer, Request, Route
from topk.runtime.observability import count, logger
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.scrobbling.first_list import build_first_list
from topk.usecases.scrobbling.personal_tokens import authenticate
from topk.usecases.scrobbling.remove_play import remove_play
from topk.usecases.scrobbling.submit_plays import SCROBBLER, Ignored, history, submit_plays

_DEFAULT_ITEMS = 25
_MOST_ITEMS = 1000
_SERVICES = frozenset(
    {
        "spotify",
        "lastfm",
        "librefm",
        "critiquebrainz",
        "soundcloud",
        "apple",
        "musicbrainz",
        "musicbrainz_prod",
        "youtube",
        "funkwhale",
        "navidrome",
    }
)
_IGNORED = {
    Ignored.TOO_OLD: "listened_at: before the {days} days that are kept",
    Ignored.FUTURE: "Value for key listened_at is too high.",
    Ignored.SKIPPED: "duration_played: too short to count as a play",
}
_Named = Callable[[Request, PersonalToken], Answer]


class _RefusedError(Exception):
    """What the server refuses, with its status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def _submit(request: Request, token: PersonalToken) -> Answer:
    listen_type, payload = _submission(request.body)
    if listen_type == "playing_now":
        return _playing_now(request, payload)
    read: list[PlayReport] = []
    rejected: list[dict[str, Any]] = []
    places: list[int] = []
    for index, listen in enumerate(payload):
        try:
            read.append(read_listen(listen, now=request.now))
            places.append(index)
        except BadPayloadError as error:
            rejected.append({"index": index, "error": str(error)})
    if not read:
        raise _RefusedError(400, rejected[0]["error"])
    parts = scrobbling()
    days = parts.settings.retention_days
    found = submit_plays(
        token.owner,
        read,
        plays=parts.plays,
        retention_days=days,
        now=request.now,
        rule=parts.settings.play_rule_of(token.owner.tenant),
    )
    build_first_list(token, read, parts.lists, now=request.now)
    rejected += [
        {"index": place, "error": _IGNORED[why].format(days=days)}
        for place, why in zip(places, found.ignored, strict=True)
        if why
    ]
    counts = {"ListensPushed": found.accepted, "ListensRejected": len(rejected)}
    count(counts, provider=SCROBBLER)
    ordered = sorted(rejected, key=lambda one: int(one["index"]))
    return Answer(body={"status": "ok"} | ({"rejected": ordered} if ordered else {}))


def _submission(body: bytes) -> tuple[str, list[Any]]:
    """The kind of a submission and its listens, at least one."""
    if len(body) > LARGEST_SCROBBLES_BODY:
        raise _RefusedError(
            413, f"Payload too large. Payload cannot exceed {LARGEST_SCROBBLES_BODY} bytes"
        )
    document = _json(body)
    if "payload" not in document or "listen_type" not in document:
        raise _RefusedError(400, "Invalid JSON document submitted.")
    payload, listen_type = document["payload"], document["listen_type"]
    if not isinstance(payload, list):
        raise _RefusedError(400, "The payload in the JSON document should be a list of listens.")
    if not payload:
        raise _RefusedError(400, "JSON document does not contain any listens")
    if len(payload) > MOST_LISTENS:
        raise _RefusedError(
            413,
            f"Too many listens. You may not submit more than {MOST_LISTENS} listens at once.",
        )
    if listen_type not in ("playing_now", "single", "import"):
        raise _RefusedError(400, "JSON document requires a valid listen_type key.")
    if listen_type != "import" and len(payload) > 1:
        raise _RefusedError(
            400,
            "JSON document contains more than listen for a single/playing_now. It should contain "
            "only one.",
        )
    return listen_type, payload


def _playing_now(request: Request, payload: list[Any]) -> Answer:
    """Accepted and not stored: only what was played counts."""
    try:
        track = check_playing_now(payload[0])
    except BadPayloadError as error:
        raise _RefusedError(400, str(error)) from None
    if request.query.get("return_msid"):
        return Answer(body={"status": "ok", "recording_msid": recording_msid(track)})
    return Answer(body={"status": "ok"})


def _validate(request: Request) -> Answer:
    header = request.headers.get("authorization", "")
    if header.lower().startswith("token "):
        token = header.split(" ")[1]
    else:
        token = request.query.get("token", "")
    if not token:
        raise _RefusedError(400, "You need to provide an Authorization token.")
    try:
        found = _authenticated(token, request)
    except TokenError:
        return Answer(body={"code": 200, "message": "Token invalid.", "valid": False})
    return Answer(
        body={
            "code": 200,
            "message": "Token valid.",
            "valid": True,
            "user_name": found.owner.user,
        }
    )


def _listen_count(request: Request, token: PersonalToken) -> Answer:
    return Answer(body={"payload": {"count": len(_history(request, token.owner))}})


def _listens(request: Request, token: PersonalToken) -> Answer:
    earliest, latest = _moment(request, "min_ts"), _moment(request, "max_ts")
    if earliest and latest and latest <= earliest:
        raise _RefusedError(400, "max_ts should be greater than min_ts")
    most = min(_whole(request, "count", _DEFAULT_ITEMS), _MOST_ITEMS)
    if most < 0:
        raise _RefusedError(400, "Number of items requested should be positive")
    known = _history(request, token.owner)
    chosen = [
        play
        for play in known
        if (earliest is None or play.listened_at > earliest)
        and (latest is None or play.listened_at < latest)
    ]
    # With min_ts, the server continues from there: it returns those that follow it.
    onwards = earliest is not None and latest is None
    page = chosen[max(0, len(chosen) - most) :] if onwards else chosen[:most]
    return Answer(
        body={
            "payload": {
                "count": len(page),
                "latest_listen_ts": known[0].listened_at if known else None,
                "oldest_listen_ts": known[-1].listened_at if known else None,
                "listens": [shown_listen(play, user=token.owner.user) for play in page],
                "user_id": token.owner.user,
            }
        }
    )


def _nothing_playing(_request: Request, token: PersonalToken) -> Answer:
    shown = {"count": 0, "user_id": token.owner.user, "playing_now": True, "listens": []}
    return Answer(body={"payload": shown})


def _delete(request: Request, token: PersonalToken) -> Answer:
    given = _json(request.body)
    if "listened_at" not in given:
        raise _RefusedError(400, "Listen timestamp missing.")
    try:
        moment = int(given["listened_at"])
    except (TypeError, ValueError, OverflowError):
        raise _RefusedError(400, "Listen timestamp invalid.") from None
    if "recording_msid" not in given:
        raise _RefusedError(400, "Recording MSID missing.")
    recording = given["recording_msid"]
    if not is_uuid(recording):
        raise _RefusedError(400, "Recording MSID format invalid.")
    if 0 <= moment < request.now + _FOREVER:
        parts = scrobbling()
        remove_play(
            token.owner,
            moment,
            lambda play: recording_msid(play.track) == str(recording).lower(),
            parts.lists,
            plays=parts.plays,
            now=request.now,
        )
    return Answer(body={"status": "ok"})


_FOREVER = 86_400
"""Later times have no plays, and the table's keys no room for some of them."""


def _latest_import(request: Request, token: PersonalToken) -> Answer:
    _service(request.query.get("service", "lastfm"), 404)
    user = request.query.get("user_name", "")
    _check_user(user, token.owner)
    shown = {"latest_import": token.latest_import, "status": None, "error": None}
    return Answer(body={"musicbrainz_id": token.owner.user, **shown})


def _note_import(request: Request, token: PersonalToken) -> Answer:
    given = _json(request.body)
    try:
        latest = int(given.get("ts", 0))
    except (TypeError, ValueError, OverflowError):
        raise _RefusedError(400, "Invalid data sent") from None
    if not 0 <= latest < request.now + _FOREVER:
        raise _RefusedError(400, "Invalid data sent")
    _service(given.get("service", "lastfm"), 400)
    scrobbling().tokens.note_import(token.parent or token.token_hash, latest=latest)
    return Answer(body={"status": "ok"})


def _check_user(name: str, owner: Owner) -> None:
    if name != owner.user:
        raise _RefusedError(404, f"Cannot find user: {name}")


def _service(name: object, status: int) -> None:
    if not isinstance(name, str) or name.lower() not in _SERVICES:
        message = "Invalid data sent" if status == 400 else f"Service does not exist: {name}"
        raise _RefusedError(status, message)


def _history(request: Request, owner: Owner) -> list[Play]:
    parts = scrobbling()
    kept = request.now - parts.settings.retention_days * 86_400
    return history(owner, plays=parts.plays, since=kept)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _RefusedError(400, f"Cannot parse JSON document: {error}") from None
    if not isinstance(document, dict):
        raise _RefusedError(
            400,
            "Invalid JSON document submitted. Top level of JSON document should be a json object.",
        )
    return document


def _moment(request: Request, name: str) -> int | None:
    text = request.query.get(name)
    try:
        return None if text is None else int(text)
    except ValueError:
        _refuse(f"Incorrect {name} timestamp argument: {text}")


def _whole(request: Request, name: str, default: int) -> int:
    text = request.query.get(name)
    try:
        return int(text) if text else default
    except ValueError:
        _refuse(f"Invalid {name} argument: {text}")


def _refuse(message: str) -> NoReturn:
    raise _RefusedError(400, message)


def _authenticated(token: str, request: Request) -> PersonalToken:
    parts = scrobbling()
    found = authenticate(token, tenant=request.api_of, stores=parts.stores, now=request.now)
    try:
        read_profile(found.owner, profiles=parts.profiles)
    except NotVisibleError:
        raise TokenError("is unknown or revoked") from None
    return found


def _token(request: Request) -> PersonalToken:
    """Whose call it is, in any case of the scheme, as the server reads it."""
    header = request.headers.get("authorization", "")
    if not header:
        raise _RefusedError(401, "You need to provide an Authorization header.")
    _, separator, token = header.partition(" ")
    if not separator:
        raise _RefusedError(401, "Provided Authorization header is invalid.")
    try:
        return _authenticated(token.split(" ")[0], request)
    except TokenError:
        raise _RefusedError(401, "Invalid authorization token.") from None


def _with_token(call: _Named, *, of_user: bool = False) -> Route:
    """`call`, with the token's row, its errors in the server's form, and its headers.

    With `of_user`, the path names the user; any but the token's own is not found.
    """

    def answered(request: Request) -> Answer:
        owner: Owner | None = None
        try:
            token = _token(request)
            owner = token.owner
            scrobbling().calls.charge(owner, now=request.now)
            if of_user:
                _check_user(request.path["user_name"], owner)
            answer = call(request, token)
        except (_RefusedError, TopkError) as error:
            answer = _error(error)
        return _limited(answer, owner, request)

    return answered


def _without_token(call: Route) -> Route:
    def answered(request: Request) -> Answer:
        try:
            answer = call(request)
        except (_RefusedError, TopkError) as error:
            answer = _error(error)
        return _limited(answer, None, request)

    return answered


def _error(error: _RefusedError | TopkError) -> Answer:
    match error:
        case _RefusedError():
            status, message = error.status, str(error)
        case TooSoonError():
            status, message = 429, "You have exceeded your rate limit. See X-RateLimit headers."
        case _:
            logger().error("failed", extra={"reason": str(error)})
            status, message = 503, "Cannot submit listens to queue, please try again later."
    return Answer(status, {"code": status, "error": message})


def _limited(answer: Answer, owner: Owner | None, request: Request) -> Answer:
    left = scrobbling().calls.of(owner, now=request.now)
    headers = {
        "x-ratelimit-limit": str(MOST_SCROBBLE_CALLS),
        "x-ratelimit-remaining": str(left.remaining),
        "x-ratelimit-reset-in": str(left.reset_at - request.now),
        "x-ratelimit-reset": str(left.reset_at),
    }
    return replace(answer, headers={**answer.headers, **headers})


ROUTES: Mapping[str, Route] = {
    "POST /1/submit-listens": _with_token(_submit),
    "GET /1/validate-token": _without_token(_validate),
    "GET /1/user/{user_name}/listen-count": _with_token(_listen_count, of_user=True),
    "GET /1/user/{user_name}/listens": _with_token(_listens, of_user=True),
    "GET /1/user/{user_name}/playing-now": _with_token(_nothing_playing, of_user=True),
    "POST /1/delete-listen": _with_token(_delete),
    "GET /1/latest-import": _with_token(_latest_import),
    "POST /1/latest-import": _with_token(_note_import),
}
