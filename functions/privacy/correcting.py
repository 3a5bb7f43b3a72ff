"""The calling user's corrections of their list."""

import re
from dataclasses import asdict
from typing import Any

import msgspec

from functions.privacy.wiring import guarding
from topk.domain.errors import InvalidRequestError
from topk.domain.privacy.hidden import providers_named, songs_named
from topk.domain.toplist.corrections import Correction
from topk.runtime.api import Answer, Request
from topk.usecases.lists.correct import (
    corrected_songs,
    disown,
    merge,
    read_corrections,
    spellings,
    split,
    undo,
)

_ID = re.compile(r"[a-z2-7]{16}")


class _Split(msgspec.Struct, tag="split", tag_field="kind", forbid_unknown_fields=True):
    song_id: str
    spellings: list[str]


class _Merge(msgspec.Struct, tag="merge", tag_field="kind", forbid_unknown_fields=True):
    song_ids: tuple[str, str]


class _NotMe(msgspec.Struct, tag="not_me", tag_field="kind", forbid_unknown_fields=True):
    since: int
    until: int
    provider: str | None = None
    song_id: str | None = None


def show_corrections(request: Request) -> Answer:
    found = read_corrections(request.user, ports=guarding().lists)
    return Answer(body={"corrections": [_correction(one) for one in found]})


def correct(request: Request) -> Answer:
    made = _made(request, request.json(_Split | _Merge | _NotMe))  # type: ignore[arg-type]
    where = f"/v1/me/corrections/{made.correction_id}"
    return Answer(201, _correction(made), {"location": where})


def undo_correction(request: Request) -> Answer:
    correction_id = _id("correction_id", request.path["correction_id"])
    undo(request.user, correction_id, ports=guarding().lists, now=request.now)
    return Answer(204)


def show_spellings(request: Request) -> Answer:
    (song,) = songs_named(request.path["song_id"])
    found = spellings(request.user, song, ports=guarding().lists)
    return Answer(body={"spellings": [asdict(one) for one in found]})


def _made(request: Request, asked: _Split | _Merge | _NotMe) -> Correction:
    owner, ports, now = request.user, guarding().lists, request.now
    match asked:
        case _Split(song_id=song, spellings=chosen):
            songs_named(song)
            named = {_id("spellings", one) for one in chosen}
            return split(owner, song, named, ports=ports, now=now)
        case _Merge(song_ids=(one, other)):
            songs_named(one, other)
            return merge(owner, one, other, ports=ports, now=now)
        case _NotMe(since=since, until=until, provider=provider, song_id=song_id):
            providers_named(*filter(None, [provider]))
            songs_named(*filter(None, [song_id]))
            return disown(
                owner,
                since=since,
                until=until,
                provider=provider or "",
                song=song_id or "",
                ports=ports,
                now=now,
            )


def _id(field: str, name: str) -> str:
    if not _ID.fullmatch(name):
        raise InvalidRequestError(field, "is not one of ours")
    return name


def _correction(one: Correction) -> dict[str, Any]:
    return {
        "correction_id": one.correction_id,
        "kind": one.kind,
        "made_at": one.made_at,
        "songs": [asdict(song) for song in corrected_songs(one)],
        "since": one.since or None,
        "until": one.until or None,
        "provider": one.provider or None,
    }
