"""Deletion of plays, corrections of lists and erasure, requested by users."""

import re
import secrets
from dataclasses import asdict
from typing import Any

from functions.privacy.correcting import (
    correct,
    show_corrections,
    show_spellings,
    undo_correction,
)
from functions.privacy.wiring import guarding
from topk.domain.errors import InvalidRequestError, NotVisibleError
from topk.runtime.api import Answer, Request, Route, respond
from topk.runtime.rate_limited import rate_limited
from topk.runtime.snapshot import prepare
from topk.usecases.privacy.delete_plays import delete_song
from topk.usecases.privacy.erase import ask_for_erasure

_SONG = re.compile(r"[a-z2-7]{16}")
_RECEIPT = re.compile(r"[A-Za-z0-9_-]{1,64}")


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, guarding().settings)


def _delete_song(request: Request) -> Answer:
    song = request.path["song_id"]
    if not _SONG.fullmatch(song):
        raise InvalidRequestError("song_id", "must be the id of a song")
    delete_song(request.user, song, guarding().lists, now=request.now)
    return Answer(204)


def _erase_me(request: Request) -> Answer:
    parts = guarding()
    receipt = ask_for_erasure(
        request.user,
        profiles=parts.profiles,
        erasures=parts.erasures,
        queue=parts.queue,
        new_receipt=lambda: secrets.token_urlsafe(24),
        now=request.now,
    )
    where = f"/v1/me/erasure/{receipt}"
    return Answer(202, {"receipt": receipt, "progress": "running"}, {"location": where})


def _erasure(request: Request) -> Answer:
    owner, receipt = request.user, request.path["receipt"]
    if not _RECEIPT.fullmatch(receipt):
        raise NotVisibleError("erasure")
    found = guarding().erasures.get(owner.tenant, receipt)
    return Answer(body=asdict(found))


def _limited(route: Route) -> Route:
    return rate_limited(route, lambda: guarding().rate_limit)


_ROUTES = {
    "DELETE /v1/me": _erase_me,
    "GET /v1/me/erasure/{receipt}": _erasure,
    "DELETE /v1/me/plays/songs/{song_id}": _limited(_delete_song),
    "GET /v1/me/corrections": show_corrections,
    "POST /v1/me/corrections": _limited(correct),
    "DELETE /v1/me/corrections/{correction_id}": _limited(undo_correction),
    "GET /v1/me/songs/{song_id}/spellings": show_spellings,
}


prepare(guarding, clients=["sqs"])
