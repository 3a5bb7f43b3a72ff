"""Two losses and their recovery: TopLists and Plays. Every list is checked afterwards."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cli.recovery.part import Part
from cli.recovery.population import Counts, people
from cli.recovery.position import Position
from cli.recovery.rebuild_lists import rebuilding
from cli.recovery.rebuilding import rebuild_everyone
from cli.recovery.restore_plays import restore, restore_markers
from cli.recovery.restoring import restore_files
from simulator.aws.dynamodb.item_size import item_size
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.stores.codecs.chunk_format import decode
from topk.stores.codecs.compacted_chunks import is_derived
from topk.stores.dynamodb.models import PlaysModel, TopListModel
from topk.stores.s3.archive import Archive
from topk.stores.tables.connections import Connections
from topk.stores.tables.play_owners import PlayOwners
from topk.stores.tables.plays import Plays, chunk_key
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.usecases.archive.archive_plays import archive_plays
from topk.usecases.lists.aggregate import ListPorts

RETENTION_DAYS = 35
PARTS = tuple(Part(number, 4) for number in range(1, 5))
KILOBYTE = 1024
_SAMPLE = 1000
AT_ONCE = 500
"""Chunks that are written together, and archived as one batch of the stream."""

Passed = Callable[[int], None]


@dataclass(frozen=True)
class Loss:
    """The result of a drill. `seconds` is the recovery time; `lost` chunks were not restored.

    `cpu_seconds` is what this process computed, `write_units_each` the mean size of a recovered
    item in write units, `files` what the archive consists of.
    """

    lost_table: str
    owners: int
    exact: int
    chunks: int
    lost: int
    seconds: float
    cpu_seconds: float
    write_units_each: float
    files: int


@dataclass
class Drill:
    """Owners with known plays on empty tables, with an archive and the current time."""

    owners: int
    archive: Archive
    play_owners: PlayOwners
    folder: Path
    now: int
    tenants: int = 1
    clock: Callable[[], float] = time.perf_counter
    cpu_clock: Callable[[], float] = time.process_time
    truth: dict[Owner, Counts] = field(default_factory=dict)
    chunks: int = 0

    def __post_init__(self) -> None:
        self._plays = Plays(retention_days=RETENTION_DAYS)
        self._top_lists = TopLists()

    def move_in(self, passed: Passed) -> None:
        """Writes and archives the plays of all owners, and builds their lists."""
        waiting: list[Chunk] = []
        for owner, chunks, counts in people(
            self.owners, now=self.now, seed=7, tenants=self.tenants
        ):
            self.truth[owner] = counts
            waiting += chunks
            if len(waiting) >= AT_ONCE:
                self._write(waiting)
                waiting = []
            passed(1)
        self._write(waiting)

    def lose_top_lists(self, passed: Passed) -> Loss:
        """Drop the table and rebuild every list from plays."""
        _empty(TopListModel)
        spent = self._timed(lambda: self.rebuild(passed))
        return self.judged_lists(*spent)

    def lose_plays(self, passed: Passed) -> Loss:
        """Drops the table and restores it from the archive; an owner with all plays is exact.

        Lists stay available meanwhile; a later rebuild uses the restored plays.
        """
        before = _rows_of_owners()
        _empty(PlaysModel)
        spent = self._timed(lambda: self._restore(passed))
        after = _rows_of_owners()
        exact = sum(after.get(owner) == rows for owner, rows in before.items())
        return self._told("Plays", exact, sum(map(len, after.values())), *spent)

    def _restore(self, passed: Passed) -> None:
        """In parts, as several machines would."""
        restore_markers(archive=self.archive, plays=self._plays)
        files = self.archive.files()
        for part in PARTS:
            restore_files(
                [file for file in files if part.has(file)],
                partial(restore, archive=self.archive, plays=self._plays, fetched_since=0),
                position=Position(self.folder / f"restore{part.suffix}.json"),
                passed=passed,
            )

    def _timed(self, recover: Callable[[], None]) -> tuple[float, float]:
        """Seconds of the clock and of CPU."""
        began, cpu = self.clock(), self.cpu_clock()
        recover()
        return self.clock() - began, self.cpu_clock() - cpu

    def rebuild(self, passed: Passed) -> None:
        rebuild_everyone(
            self.play_owners,
            rebuilding(
                ListPorts(self._plays, Connections(), Profiles(), self._top_lists),
                plays=self._plays,
                now=self.now,
            ),
            position=Position(self.folder / "rebuild.json"),
            passed=passed,
        )

    def _write(self, chunks: Iterable[Chunk]) -> None:
        written = list(chunks)
        self._plays.append(written)
        keys = [
            (one.owner, chunk_key(one.fetched_at, one.provider, one.crawl_id)) for one in written
        ]
        done = archive_plays(keys, log=self._plays, archive=self.archive, batch=str(keys[0]))
        self.chunks += done.chunks

    def judged_lists(self, seconds: float, cpu_seconds: float) -> Loss:
        exact = sum(self._counts(owner) == counts for owner, counts in self.truth.items())
        kept = sum(map(len, _rows_of_owners().values()))
        return self._told("TopLists", exact, kept, seconds, cpu_seconds)

    def _told(self, table: str, exact: int, kept: int, seconds: float, cpu_seconds: float) -> Loss:
        lost = self.chunks - kept
        each = _write_units(PlaysModel if table == "Plays" else TopListModel)
        spent = round(seconds, 1), round(cpu_seconds, 1)
        files = len(self.archive.files())
        return Loss(table, self.owners, exact, self.chunks, lost, *spent, each, files)

    def _counts(self, owner: Owner) -> Counts:
        found, _ = self._top_lists.get(owner)
        return {song.title: song.listen_count for song in found.songs} if found else {}


def _write_units(model: type[PlaysModel] | type[TopListModel]) -> float:
    """Mean of the first rows: one for each begun KB, keys and names of attributes included."""
    rows = [row.serialize() for row in model.scan(limit=_SAMPLE)]
    units = [-(-item_size(row) // KILOBYTE) for row in rows]
    return sum(units) / max(len(units), 1)


def _empty(model: type[PlaysModel] | type[TopListModel]) -> None:
    model.delete_table()
    model.create_table(billing_mode="PAY_PER_REQUEST", wait=True)


def _rows_of_owners() -> dict[str, dict[str, frozenset[Play]]]:
    """Every owner's chunks in Plays, by range key."""
    found: dict[str, dict[str, frozenset[Play]]] = defaultdict(dict)
    for row in PlaysModel.scan():
        if not is_derived(row.chunk):
            provider = row.chunk.split("#")[1]
            found[row.owner][row.chunk] = frozenset(decode(row.body, provider))
    return found
