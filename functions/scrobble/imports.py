"""The calling user's imports of listening histories."""

import secrets
from typing import Any

import msgspec

from functions.scrobble.wiring import scrobbling
from topk.domain.imports.history_import import HistoryImport
from topk.domain.imports.reading import NOT_SONGS, UNREADABLE, Left
from topk.domain.imports.receipt import FileReceipt, Receipt
from topk.runtime.api import Answer, Request
from topk.usecases.importing.begin_import import (
    begin_import,
    list_imports,
    read_import,
    start_import,
)


class _Named(msgspec.Struct, forbid_unknown_fields=True):
    file_name: str = ""


def add_import(request: Request) -> Answer:
    begun, target = begin_import(
        request.user,
        request.json(_Named).file_name,
        scrobbling().importing,
        new_id=lambda: secrets.token_hex(8),
        now=request.now,
    )
    upload = {
        "url": target.url,
        "fields": [{"name": name, "value": value} for name, value in target.fields.items()],
        "expires_at": request.now + target.expires_in,
    }
    return Answer(201, {**shown_import(begun), "upload": upload})


def begin_reading(request: Request) -> Answer:
    started = start_import(
        request.user, request.path["import_id"], scrobbling().importing, now=request.now
    )
    return Answer(202, shown_import(started))


def show_imports(request: Request) -> Answer:
    found = list_imports(request.user, scrobbling().importing, now=request.now)
    return Answer(body={"imports": [shown_import(one) for one in found]})


def show_import(request: Request) -> Answer:
    found = read_import(
        request.user, request.path["import_id"], scrobbling().importing, now=request.now
    )
    return Answer(body=shown_import(found))


def shown_import(one: HistoryImport) -> dict[str, Any]:
    return {
        "import_id": one.import_id,
        "file_name": one.file_name,
        "status": one.status,
        "created_at": one.created_at,
        "started_at": one.started_at or None,
        "finished_at": one.finished_at or None,
        "expires_at": one.expires_at,
        "files": one.files,
        "files_done": min(one.position.file, one.files),
        "receipt": _receipt(one.receipt),
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    left = receipt.left
    return {
        "read": receipt.read,
        "new": receipt.new,
        "known": left.get(Left.KNOWN, 0),
        "too_short": left.get(Left.TOO_SHORT, 0),
        "outside_window": left.get(Left.OUTSIDE, 0),
        "not_songs": {kind: left[kind] for kind in NOT_SONGS if left.get(kind)},
        "unreadable": {kind: left[kind] for kind in UNREADABLE if left.get(kind)},
        "examples": receipt.examples,
        "files": [_file(one) for one in receipt.files],
    }


def _file(one: FileReceipt) -> dict[str, Any]:
    return {
        "name": one.name,
        "format": one.format or None,
        "records": one.records,
        "fault": one.fault,
    }
