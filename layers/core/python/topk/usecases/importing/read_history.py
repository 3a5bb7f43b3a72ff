"""Read an uploaded history block by block, store its plays, and keep the receipt.

The row of the import has the position and the receipt of all blocks so far. It is written before a
block's plays, together with the block's bounds: whoever continues after a crash stores that block's
plays again, without counting them again. A play that is stored already is left out, so that this
adds nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from topk.domain.chunk import Chunk, pushed
from topk.domain.errors import ConflictError, NotVisibleError
from topk.domain.imports.history_import import Block, HistoryImport, ImportJob, Position, Status
from topk.domain.imports.reading import Fault, FileFaultError, Left, Record
from topk.domain.imports.receipt import FileReceipt, Receipt
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.domain.play_rule import PlayReport, PlayRule, standard
from topk.domain.toplist.window import LONGEST_DAYS
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.importing.known_plays import KnownPlays
from topk.usecases.lists.compact_plays import EVERY_DAYS
from topk.usecases.ports import (
    Histories,
    HistoryFile,
    ImportedPlays,
    ImportQueue,
    Profiles,
    ReadUploads,
    VersionedImports,
)

BLOCK = 5_000
"""Records that are read at once. Bounds memory, and what is repeated after a crash."""
AHEAD_SECONDS = 3600
AGAIN_SECONDS = 60
_DAY = 86_400
SPARE_DAYS = 7
"""Before a chunk expires, the lists that it belongs to are built from it."""


@dataclass(frozen=True, slots=True)
class ReadPorts:
    imports: VersionedImports
    uploads: ReadUploads
    histories: Histories
    plays: ImportedPlays
    profiles: Profiles
    queue: ImportQueue
    retention_days: int
    rule: Callable[[str], PlayRule] = standard
    """By tenant."""
    block: int = BLOCK


@dataclass(slots=True)
class _Sorted:
    """A block of records: the plays to store, and what became of each record."""

    plays: list[Play] = field(default_factory=list)
    left: Counter[Left] = field(default_factory=Counter)
    examples: dict[Left, str] = field(default_factory=dict)
    new: int = 0


def read_history(
    job: ImportJob, ports: ReadPorts, *, time_left: Callable[[], bool], now: int
) -> HistoryImport | None:
    """Continue `job` while there is `time_left`, and queue the rest.

    Returns the import as it is then, None if there is nothing to do. Raises StoreError if the same
    job has to be repeated.
    """
    found = ports.imports.get(job.owner, job.import_id)
    if found is None or found.is_finished or _is_erasing(job.owner, ports.profiles):
        return None
    try:
        return _Reading(found, ports, now).read(time_left)
    except ConflictError:
        # Another worker was first, or was this one: a write whose answer was lost.
        ports.queue.send(job, delay=AGAIN_SECONDS)
        return None


def give_up(job: ImportJob, ports: ReadPorts, *, now: int) -> None:
    """End an import that failed again and again, with a receipt that says so."""
    found = ports.imports.get(job.owner, job.import_id)
    if found is not None and not found.is_finished:
        _finish(found, ports, Fault.GIVEN_UP, now)


class _Reading:
    """One worker's pass over an import."""

    def __init__(self, found: HistoryImport, ports: ReadPorts, now: int) -> None:
        self._import, self._ports, self._now = found, ports, now
        self._oldest = found.started_at - LONGEST_DAYS * _DAY
        self._recent = found.started_at - (ports.retention_days - SPARE_DAYS) * _DAY
        """Plays before are stored in compacted chunks: others of these days expire soon."""
        self._rule = ports.rule(found.owner.tenant)
        self._latest = found.started_at + AHEAD_SECONDS

    def read(self, time_left: Callable[[], bool]) -> HistoryImport:
        try:
            with self._ports.uploads.open(self._import) as upload:
                self._commit(etag=upload.etag, status=Status.READING)
                profile = read_profile(self._import.owner, profiles=self._ports.profiles)
                zone = profile.time_zone
                with self._ports.histories.open(upload.file, time_zone=zone) as files:
                    return self._read_files(files, time_left)
        except FileFaultError as error:
            return _finish(self._import, self._ports, error.fault, self._now)

    def _read_files(
        self, files: Sequence[HistoryFile], time_left: Callable[[], bool]
    ) -> HistoryImport:
        stored = self._ports.plays.chunks(self._import.owner, since=self._oldest)
        self._known = KnownPlays.of(stored)
        if self._import.files != len(files):
            self._commit(files=len(files))
        self._repeat_last(files)
        while self._import.position.file < len(files):
            if not self._read_file(files[self._import.position.file], time_left):
                self._ports.queue.send(ImportJob(self._import.owner, self._import.import_id))
                return self._import
        return _finish(self._import, self._ports, None, self._now)

    def _read_file(self, file: HistoryFile, time_left: Callable[[], bool]) -> bool:
        """Whether it was read to its end."""
        done = self._import.position.record
        records = file.records()
        fault = _skip(records, done)
        while fault is None:
            block, fault = _next_block(islice(records, self._ports.block))
            if block:
                self._store(block, done)
                done += len(block)
            if fault is None and len(block) < self._ports.block:
                break
            if fault is None and not time_left():
                return False
        name = file.name or self._import.file_name
        result = FileReceipt(name, file.format, done, fault)
        at = self._import.position
        self._commit(
            position=replace(at, file=at.file + 1, record=0),
            receipt=self._import.receipt.with_file(result),
        )
        return True

    def _repeat_last(self, files: Sequence[HistoryFile]) -> None:
        """Store the plays of the last block again, which a crash may have lost."""
        last = self._import.position.last
        if last.end and last.file < len(files):
            records = files[last.file].records()
            if _skip(records, last.first) is None:
                block, _ = _next_block(islice(records, last.end - last.first))
                self._write(self._sorted(block).plays)

    def _store(self, block: Sequence[Record], first: int) -> None:
        told = self._sorted(block)
        file, end = self._import.position.file, first + len(block)
        self._commit(
            position=Position(file, end, Block(file, first, end)),
            receipt=self._import.receipt.with_records(told.new, told.left, told.examples),
        )
        self._write(told.plays)

    def _write(self, plays: Sequence[Play]) -> None:
        self._ports.plays.append(_chunks(self._import.owner, plays, recent=self._recent))

    def _sorted(self, block: Sequence[Record]) -> _Sorted:
        told = _Sorted()
        for record in block:
            kept, left = self._judged(record)
            if left is None:
                told.new += 1
                told.plays += kept
                for play in kept:
                    self._known.add(play)
            else:
                told.left[left] += 1
                if record.shown:
                    told.examples.setdefault(left, record.shown)
        return told

    def _judged(self, record: Record) -> tuple[list[Play], Left | None]:
        """The plays of a record that are to be stored, or why there are none."""
        if record.left is not None:
            return [], record.left
        first = record.plays[0]
        if first.listened_at > self._latest:
            return [], Left.TIME
        if not self._rule.accepts(PlayReport(first, record.played, record.skipped)):
            return [], Left.TOO_SHORT
        if first.listened_at < self._oldest:
            return [], Left.OUTSIDE
        kept = [play for play in record.plays if not self._known.has(play)]
        return kept, None if kept else Left.KNOWN

    def _commit(self, **changes: object) -> None:
        self._import = self._ports.imports.update(replace(self._import, **changes))  # type: ignore[arg-type]


def _skip(records: Iterator[Record], number: int) -> Fault | None:
    """Pass over `number` records; why that is not possible."""
    try:
        for _ in islice(records, number):
            pass
    except FileFaultError as error:
        return error.fault
    return None


def _next_block(records: Iterator[Record]) -> tuple[list[Record], Fault | None]:
    """The `records`, and why there are no more after them."""
    block: list[Record] = []
    try:
        for record in records:
            block.append(record)  # noqa: PERF402 - those before a fault are kept
    except FileFaultError as error:
        return block, error.fault
    return block, None


def _chunks(owner: Owner, plays: Sequence[Play], *, recent: int) -> list[Chunk]:
    """A chunk for each source and day, which is kept as long as its latest play. Plays from before
    `recent`, whose chunks would have expired, go into compacted ones of two weeks.
    """
    groups: dict[tuple[str, int], list[Play]] = defaultdict(list)
    earlier: dict[tuple[str, int], list[Play]] = defaultdict(list)
    for play in plays:
        day = play.listened_at // _DAY
        if play.listened_at >= recent:
            groups[play.provider, day].append(play)
        else:
            weeks = day // EVERY_DAYS
            earlier[play.provider, weeks].append(play)
    chunks = [pushed(owner, provider, group) for (provider, _), group in sorted(groups.items())]
    for (provider, weeks), group in sorted(earlier.items()):
        through = min((weeks + 1) * EVERY_DAYS * _DAY, recent)
        chunks.append(replace(pushed(owner, provider, group), fetched_at=through, compacted=True))
    return chunks


def _finish(found: HistoryImport, ports: ReadPorts, fault: Fault | None, now: int) -> HistoryImport:
    """Write that the import is finished, then delete what was uploaded."""
    receipt = found.receipt
    if fault is not None:
        receipt = receipt.with_file(FileReceipt(found.file_name, "", 0, fault))
    status = Status.DONE if _was_read(receipt) else Status.FAILED
    done = ports.imports.update(replace(found, status=status, finished_at=now, receipt=receipt))
    ports.uploads.delete(found.owner, found.import_id)
    return done


def _was_read(receipt: Receipt) -> bool:
    return receipt.read > 0


def _is_erasing(owner: Owner, profiles: Profiles) -> bool:
    try:
        read_profile(owner, profiles=profiles)
    except NotVisibleError:
        return True
    return False
