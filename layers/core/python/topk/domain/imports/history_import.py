"""An import: one upload of a user, its progress and its receipt."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from topk.domain.imports.receipt import Receipt
from topk.domain.owner import Owner

KEPT_SECONDS = 30 * 86_400
"""How long an import and its receipt are kept."""
UPLOAD_SECONDS = 3600
"""How long an upload may be started."""


_ID = re.compile(r"[0-9a-z]{1,32}")


def is_import_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


class Status(StrEnum):
    WAITING = "waiting_for_upload"
    QUEUED = "queued"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    """Nothing could be read; the receipt says why."""


FINISHED = frozenset({Status.DONE, Status.FAILED})


@dataclass(frozen=True, slots=True)
class Block:
    """Records `first` up to but not including `end` of the file with the number `file`."""

    file: int = 0
    first: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """How far an import was read: up to `record` of the file with the number `file`.

    The plays of the block `last` may not have been stored: its counts were written before.
    """

    file: int = 0
    record: int = 0
    last: Block = Block()


@dataclass(frozen=True, slots=True)
class HistoryImport:
    """Times are epoch seconds, 0 if not yet. `etag` identifies the file that was first read."""

    owner: Owner
    import_id: str
    file_name: str
    created_at: int
    status: Status = Status.WAITING
    started_at: int = 0
    finished_at: int = 0
    etag: str = ""
    files: int = 0
    """How many files the upload contains, once known."""
    position: Position = Position()
    receipt: Receipt = field(default_factory=Receipt)
    version: int = 0

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    @property
    def expires_at(self) -> int:
        return self.created_at + KEPT_SECONDS


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A queue message: the import to be continued."""

    owner: Owner
    import_id: str
