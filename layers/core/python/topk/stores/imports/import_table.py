"""Imports of histories, by their owner."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from topk.domain.errors import StoreError
from topk.domain.imports.history_import import HistoryImport, Position, Status
from topk.domain.imports.receipt import Receipt
from topk.domain.owner import Owner
from topk.stores.dynamodb.delete_partition import erase_partition
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ImportModel


class _Told(msgspec.Struct):
    """What an import has beside its keys, as it is stored."""

    file_name: str
    status: Status
    started_at: int = 0
    finished_at: int = 0
    etag: str = ""
    files: int = 0
    position: Position = Position()
    receipt: Receipt = msgspec.field(default_factory=Receipt)


_encode = msgspec.json.Encoder().encode
_told = msgspec.json.Decoder(_Told)


class Imports:
    """Raises StoreError where the table fails, and ConflictError where another write was first."""

    def put(self, one: HistoryImport) -> None:
        with translated("write import"):
            _row(one).save()

    def get(self, owner: Owner, import_id: str) -> HistoryImport | None:
        """As last written."""
        with translated("read import"):
            try:
                return _import(ImportModel.get(owner.key, import_id, consistent_read=True))
            except ImportModel.DoesNotExist:
                return None

    def of_owner(self, owner: Owner, *, now: int) -> list[HistoryImport]:
        """Those that are kept at `now`, latest first."""
        with translated("read imports"):
            found = [_import(row) for row in ImportModel.query(owner.key, consistent_read=True)]
        kept = [one for one in found if one.expires_at > now]
        return sorted(kept, key=lambda one: (one.created_at, one.import_id), reverse=True)

    def update(self, one: HistoryImport) -> HistoryImport:
        """Write `one` if it is the version that is stored; returns it as the next version."""
        following = replace(one, version=one.version + 1)
        with translated("write import"):
            _row(following).save(condition=ImportModel.version == one.version)
        return following

    def erase(self, owner: Owner) -> Iterator[int]:
        """Erases the owner's imports and receipts; yields after each page."""
        return erase_partition(ImportModel, owner)


def _row(one: HistoryImport) -> ImportModel:
    told = _Told(
        one.file_name,
        one.status,
        one.started_at,
        one.finished_at,
        one.etag,
        one.files,
        one.position,
        one.receipt,
    )
    return ImportModel(
        one.owner.key,
        one.import_id,
        created_at=one.created_at,
        body=_encode(told),
        version=one.version,
        expires_at=one.expires_at,
    )


def _import(row: Any) -> HistoryImport:
    try:
        told = _told.decode(row.body)
    except msgspec.DecodeError as error:
        raise StoreError("import cannot be read") from error
    return HistoryImport(
        owner=Owner.parse(row.owner),
        import_id=row.import_id,
        file_name=told.file_name,
        created_at=int(row.created_at),
        status=told.status,
        started_at=told.started_at,
        finished_at=told.finished_at,
        etag=told.etag,
        files=told.files,
        position=told.position,
        receipt=told.receipt,
        version=int(row.version),
    )
