"""The timetable has all rows of each connection's cadence despite crashes and races."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, cycle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes import ANNA, DAY, NOON, FakeConnections, FakeTimetable, connection
from tests.interleaving import CrashError, Interleaving
from topk.domain.account.connection import Connection
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.timetable import DAILY, PER_DAY, Cadence, Entry, Grid
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.usecases.crawling.crawl_schedule import ScheduleWriter

GRID = Grid(slot_minutes=10, shards=4)
KEY = (ANNA, "spotify")
SPOTIFY = connection(version=1)

_cadences = st.one_of(
    st.sampled_from(PER_DAY).map(Cadence),
    st.integers(2, 7).map(lambda n: Cadence(every_days=n)),
    st.builds(Cadence, pulled_every=st.sampled_from([1, 2, 4, 7]), followed=st.booleans()),
)
_spells = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 30)), max_size=8)
"""Which task runs next, and for how many steps."""


@dataclass
class World:
    """Both tables; each operation is one step of the interleaving."""

    interleaving: Interleaving = field(default_factory=Interleaving)

    def __post_init__(self) -> None:
        self.connections = _Connections(interleaving=self.interleaving)
        self.timetable = _Timetable(interleaving=self.interleaving)
        self.standing = ScheduleWriter(self.connections, self.timetable, GRID)

    def begin(self, cadence: Cadence) -> None:
        self.connections.rows = {KEY: replace(SPOTIFY, cadence=cadence)}
        self.timetable.add(GRID.entries(ANNA.key, "spotify", cadence))

    def change(self, cadence: Cadence) -> None:
        """What a crawl does that computes `cadence`."""
        for found in self.connections.get_many([KEY]):
            self.standing.update(found, replace(found, cadence=cadence))

    def leave(self) -> None:
        self.connections.delete(*KEY)
        self.standing.remove(*KEY)

    @property
    def wanted(self) -> dict[int, Entry]:
        found = self.connections.rows.get(KEY)
        entries = GRID.entries(ANNA.key, "spotify", found.cadence) if found else ()
        return {entry.minute: entry for entry in entries}

    @property
    def rows(self) -> dict[int, Entry]:
        return {row.minute: row for row in self.timetable.rows}

    def assert_enough_rows(self) -> None:
        """None is missing, nor left out more than it may be."""
        for minute, entry in self.wanted.items():
            row, wanted = self.rows[minute].cadence, entry.cadence
            assert row.every_days <= wanted.every_days
            assert row.pulled_every <= wanted.pulled_every
            assert row.followed >= wanted.followed

    def assert_exact_rows(self) -> None:
        self.assert_enough_rows()
        assert self.rows.keys() == self.wanted.keys()

    def live(self, days: int) -> None:
        """Every due row starts a crawl, which repairs the timetable."""
        for day in range(NOON // DAY, NOON // DAY + days):
            for row in sorted(self.timetable.rows, key=lambda row: row.minute):
                job = CrawlJob(ANNA, "spotify", NOON, "due", "c", slot=DAY * day + 60 * row.minute)
                self.standing.heal(job, self.connections.rows.get(KEY))


@dataclass
class _Connections(FakeConnections):
    interleaving: Interleaving = field(default_factory=Interleaving)

    def get_many(self, keys: Iterable[tuple[Owner, str]]) -> list[Connection]:
        self.interleaving.step()
        return super().get_many(keys)

    def put(self, connection: Connection) -> None:
        self.interleaving.step()
        super().put(connection)

    def update(self, connection: Connection) -> Connection:
        self.interleaving.step()
        return super().update(connection)

    def delete(self, owner: Owner, provider: str) -> None:
        self.interleaving.step()
        super().delete(owner, provider)


@dataclass
class _Timetable(FakeTimetable):
    """A batch is not a transaction: each of its rows is a step."""

    interleaving: Interleaving = field(default_factory=Interleaving)

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.interleaving.step()
            super().remove([entry])
            self.rows.add(entry)

    def remove(self, entries: Iterable[Entry]) -> None:
        for entry in list(entries):
            self.interleaving.step()
            super().remove([entry])


def _schedule(spells: list[tuple[int, int]]) -> Iterator[int]:
    turns = (who for who, steps in spells for _ in range(steps))
    return chain(turns, cycle([0, 1]))


@given(_cadences, _cadences)
def test_a_changed_cadence_leaves_exactly_its_rows(old: Cadence, new: Cadence) -> None:
    world = World()
    world.begin(old)
    world.change(new)
    assert world.rows == world.wanted


def test_an_unchanged_cadence_writes_no_row() -> None:
    world = World()
    world.connections.rows = {KEY: SPOTIFY}
    world.change(SPOTIFY.cadence)
    assert world.rows == {}


@given(_cadences, _cadences, st.integers(0, 60))
@example(DAILY, Cadence(every_days=4), 2)
def test_a_crash_anywhere_leaves_enough_rows_and_later_crawls_repair_them(
    old: Cadence, new: Cadence, steps: int
) -> None:
    world = World()
    world.begin(old)
    world.interleaving.run([lambda: world.change(new)], cycle([0]), crash_at=steps)
    world.assert_enough_rows()
    world.live(days=2)
    world.assert_exact_rows()


@given(_cadences, _cadences, _cadences, _spells)
@example(Cadence(2), DAILY, Cadence(2), [(0, 4), (1, 30)])
@example(Cadence(4), DAILY, Cadence(12), [(0, 5), (1, 30)])
def test_two_concurrent_cadence_changes_leave_enough_rows(
    old: Cadence, one: Cadence, other: Cadence, spells: list[tuple[int, int]]
) -> None:
    world = World()
    world.begin(old)

    changes = [lambda: world.change(one), lambda: world.change(other)]
    for error in world.interleaving.run(changes, _schedule(spells)):
        assert error is None or isinstance(error, ConflictError)
    world.assert_enough_rows()
    world.live(days=2)
    world.assert_exact_rows()


@given(_cadences, _cadences, _spells)
def test_rows_of_an_account_disconnected_during_a_crawl_are_removed(
    old: Cadence, new: Cadence, spells: list[tuple[int, int]]
) -> None:
    world = World()
    world.begin(old)
    world.interleaving.run([lambda: world.change(new), world.leave], _schedule(spells))
    world.live(days=4)
    assert world.rows == {}


@given(_cadences, _cadences, st.one_of(st.none(), st.integers(0, 60)))
@example(DAILY, Cadence(every_days=2), 0)
@example(DAILY, Cadence(every_days=2), 3)
def test_reconnecting_starts_with_the_cadence_of_a_new_connection(
    old: Cadence, stale: Cadence, crash_at: int | None
) -> None:
    world = World()
    world.begin(old)
    world.timetable.add(GRID.entries(ANNA.key, "spotify", stale))
    world.interleaving.run([lambda: world.standing.put(SPOTIFY)], cycle([0]), crash_at=crash_at)
    assert crash_at is not None or world.rows.keys() == world.wanted.keys()
    assert set(world.rows) >= set(world.wanted)
    if world.connections.rows[KEY].version > SPOTIFY.version:
        world.assert_enough_rows()


def test_a_correct_row_costs_its_crawl_no_write() -> None:
    class _Closed(FakeTimetable):
        def add(self, entries: Iterable[Entry]) -> None:
            raise AssertionError

        remove = add

    (entry,) = GRID.entries(ANNA.key, "spotify", DAILY)
    job = CrawlJob(ANNA, "spotify", NOON, "due", "c", slot=NOON - NOON % DAY + 60 * entry.minute)
    standing = ScheduleWriter(FakeConnections(), _Closed(), GRID)
    standing.heal(job, SPOTIFY)
    standing.heal(replace(job, slot=0), None)


def test_no_use_case_handles_the_simulated_crash() -> None:
    interleaving = Interleaving()
    (error,) = interleaving.run([interleaving.step], cycle([0]), crash_at=0)
    assert isinstance(error, CrashError)
    with pytest.raises(CrashError):
        raise error
