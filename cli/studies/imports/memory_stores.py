"""What an import needs, in memory and in a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.imports.history_import import HistoryImport, ImportJob
from topk.domain.imports.upload import Upload
from topk.domain.owner import Owner
from topk.domain.play import Brought
from topk.domain.play_log import History


@dataclass(slots=True)
class OneImport:
    """The row of one import."""

    row: HistoryImport

    def get(self, _owner: Owner, _import_id: str) -> HistoryImport:
        return self.row

    def update(self, one: HistoryImport) -> HistoryImport:
        self.row = replace(one, version=one.version + 1)
        return self.row


@dataclass(slots=True)
class OneUpload:
    file: BinaryIO

    @contextmanager
    def open(self, _one: HistoryImport) -> Iterator[Upload]:
        yield Upload(self.file, "etag")

    def delete(self, _owner: Owner, _import_id: str) -> None: ...


@dataclass(slots=True)
class StoredPlays:
    """Chunks by their keys, as the table of plays has them."""

    rows: dict[tuple[int, str, str], Chunk] = field(default_factory=dict)

    def append(self, chunks: Iterable[Chunk]) -> None:
        self.rows |= {(one.fetched_at, one.provider, one.crawl_id): one for one in chunks}

    def chunks(self, _owner: Owner, *, since: int = 0) -> Iterator[Chunk]:
        return (one for key, one in self.rows.items() if key[0] >= since)

    def since(self, _owner: Owner, moment: int, *, until: int | None = None) -> Sequence[Brought]:
        return [
            (one.fetched_at, one.plays)
            for one in self.rows.values()
            if moment <= one.fetched_at and (until is None or one.fetched_at < until)
        ]

    def begin_history(self, owner: Owner, moment: int) -> Callable[[], History]:
        return lambda: History(self.since(owner, moment))


@dataclass(slots=True)
class NoProfiles:
    time_zone: str = "Europe/Berlin"

    def get(self, _owner: Owner) -> Profile:
        return Profile(time_zone=self.time_zone)


@dataclass(slots=True)
class Queued:
    jobs: list[ImportJob] = field(default_factory=list)

    def send(self, job: ImportJob, *, delay: int = 0) -> None:  # noqa: ARG002 - no time passes
        self.jobs.append(job)
