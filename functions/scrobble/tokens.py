"""The calling user's personal tokens, and what players need to use them."""

import secrets
import uuid
from datetime import UTC, datetime, time
from typing import Any

import msgspec

from functions.scrobble.wiring import scrobbling
from topk.domain.account.personal_token import PersonalToken
from topk.domain.toplist.window import zone
from topk.runtime.api import Answer, Request
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.scrobbling.personal_tokens import list_tokens, make_token, revoke_token
from topk.usecases.scrobbling.submit_plays import history


class _Named(msgspec.Struct, forbid_unknown_fields=True):
    name: str


def show_tokens(request: Request) -> Answer:
    parts = scrobbling()
    app = parts.apps.of_tenant(request.user.tenant)
    found = list_tokens(request.user, stores=parts.stores)
    return Answer(
        body={
            "tokens": [_shown(one) for one in found],
            "plays_today": _plays_today(request),
            "listenbrainz_url": request.base_url,
            "lastfm_url": f"{request.base_url}/2.0/",
            "audioscrobbler_url": f"{request.base_url}/audioscrobbler/",
            "lastfm_api_key": app.api_key,
            "lastfm_shared_secret": app.shared_secret,
        }
    )


def add_token(request: Request) -> Answer:
    token, made = make_token(
        request.user,
        request.json(_Named).name,
        stores=scrobbling().stores,
        new_token=new_token,
        now=request.now,
    )
    return Answer(201, {**_shown(made), "token": token})


def remove_token(request: Request) -> Answer:
    revoke_token(request.user, request.path["token_id"], stores=scrobbling().stores)
    return Answer(204)


def new_token() -> str:
    """122 random bits in the form of ListenBrainz's tokens, which some players insist on."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


def _plays_today(request: Request) -> int:
    parts = scrobbling()
    local = zone(read_profile(request.user, profiles=parts.profiles).time_zone)
    today = datetime.fromtimestamp(request.now, UTC).astimezone(local).date()
    start = int(datetime.combine(today, time.min, local).timestamp())
    return len(history(request.user, plays=parts.plays, since=start))


def _shown(token: PersonalToken) -> dict[str, Any]:
    return {
        "token_id": token.token_hash,
        "kind": token.kind,
        "name": token.name,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at or None,
    }
