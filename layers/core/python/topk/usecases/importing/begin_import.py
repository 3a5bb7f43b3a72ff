"""Begin an import, start reading what was uploaded, and look at its progress."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from topk.domain.errors import InvalidRequestError, LimitReachedError, NotVisibleError
from topk.domain.imports.history_import import (
    HistoryImport,
    ImportJob,
    Status,
    is_import_id,
)
from topk.domain.imports.upload import UploadTarget
from topk.domain.limits import LONGEST_FILE_NAME, MOST_IMPORTS
from topk.domain.owner import Owner
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.ports import ImportQueue, Imports, Profiles, SignedUploads


@dataclass(frozen=True, slots=True)
class ImportPorts:
    imports: Imports
    uploads: SignedUploads
    queue: ImportQueue
    profiles: Profiles


def begin_import(
    owner: Owner, file_name: str, ports: ImportPorts, *, new_id: Callable[[], str], now: int
) -> tuple[HistoryImport, UploadTarget]:
    """An import that waits for its file, and where to upload it.

    Raises InvalidRequestError for an unprintable or long `file_name`, LimitReachedError above
    MOST_IMPORTS, and NotVisibleError for an owner who is being erased.
    """
    if len(file_name) > LONGEST_FILE_NAME or not file_name.isprintable():
        raise InvalidRequestError(
            "file_name", f"must be at most {LONGEST_FILE_NAME} printable characters"
        )
    read_profile(owner, profiles=ports.profiles)
    if len(ports.imports.of_owner(owner, now=now)) >= MOST_IMPORTS:
        raise LimitReachedError("imports", MOST_IMPORTS)
    ports.profiles.create(owner)
    begun = HistoryImport(owner, new_id(), file_name, now)
    ports.imports.put(begun)
    return begun, ports.uploads.sign(owner, begun.import_id)


def start_import(owner: Owner, import_id: str, ports: ImportPorts, *, now: int) -> HistoryImport:
    """Queue the import, whose file was uploaded. Idempotent.

    Raises NotVisibleError if the owner has no such import, or is being erased.
    """
    found = read_import(owner, import_id, ports, now=now)
    if found.status is Status.WAITING:
        found = ports.imports.update(replace(found, status=Status.QUEUED, started_at=now))
        ports.queue.send(ImportJob(owner, import_id))
    elif found.status is Status.QUEUED:
        # The message may have been lost after the row was written.
        ports.queue.send(ImportJob(owner, import_id))
    return found


def list_imports(owner: Owner, ports: ImportPorts, *, now: int) -> list[HistoryImport]:
    """Latest first. Raises NotVisibleError for an owner who is being erased."""
    read_profile(owner, profiles=ports.profiles)
    return ports.imports.of_owner(owner, now=now)


def read_import(owner: Owner, import_id: str, ports: ImportPorts, *, now: int) -> HistoryImport:
    """Raises NotVisibleError if the owner has no such import, or is being erased."""
    read_profile(owner, profiles=ports.profiles)
    found = ports.imports.get(owner, import_id) if is_import_id(import_id) else None
    if found is None or found.expires_at <= now:
        raise NotVisibleError("import")
    return found
