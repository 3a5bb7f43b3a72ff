"""A purge of the archive in pieces, in any order and repetition, removes the marks last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON
from topk.domain.errors import StoreError
from topk.domain.privacy.purge import PurgeJob
from topk.usecases.archive.purge_archive import purge_archive

DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")
PASS = PurgeJob(NOON)


@dataclass
class FakeArchive:
    """`left` are the files of a day that contain erased users."""

    left: dict[str, list[str]]
    marked: bool = True
    broken: set[str] = field(default_factory=set)
    opened: set[PurgeJob] = field(default_factory=set)
    queue: list[PurgeJob] = field(default_factory=list)
    gathered: bool = False

    def is_needed(self) -> bool:
        return self.marked

    def gather(self) -> None:
        self.gathered = True

    def days(self) -> list[str]:
        return list(self.left)

    def purge_day(self, day: str, *, after: str, time_left: Callable[[], bool]) -> str | None:
        if day in self.broken:
            raise StoreError("read archive")
        files = self.left[day]
        for file in [one for one in sorted(files) if one > after]:
            files.remove(file)
            if not time_left():
                return file
        return None

    def forget(self, *, began: int) -> None:
        assert began == NOON
        assert not any(self.left.values())
        assert self.gathered
        self.marked = False

    def open(self, job: PurgeJob, days: Iterable[str]) -> None:
        self.opened |= {PurgeJob(job.began, day) for day in days}

    def close(self, job: PurgeJob) -> None:
        self.opened.discard(PurgeJob(job.began, job.day))

    def done(self, job: PurgeJob) -> bool:
        return not any(one.began == job.began for one in self.opened)

    def send(self, jobs: Sequence[PurgeJob]) -> None:
        self.queue += jobs


def archived(*broken: str) -> FakeArchive:
    return FakeArchive({day: ["a", "b", "c"] for day in DAYS}, broken=set(broken))


def work(archive: FakeArchive, job: PurgeJob, time_left: Callable[[], bool]) -> None:
    purge_archive(job, archive=archive, progress=archive, queue=archive, time_left=time_left)


@given(st.randoms(), st.floats(0, 0.9), st.floats(0, 0.4))
def test_marks_are_removed_after_all_pieces_in_any_order_and_repetition(
    chance: Random, short: float, twice: float
) -> None:
    archive = archived()
    archive.queue.append(PASS)
    while archive.queue:
        job = archive.queue.pop(chance.randrange(len(archive.queue)))
        if chance.random() < twice:
            archive.queue.append(job)
        work(archive, job, lambda: chance.random() >= short)
    assert not archive.marked
    assert not any(archive.left.values())


def test_a_piece_that_fails_permanently_keeps_the_marks() -> None:
    archive = archived(DAYS[1])
    archive.queue.append(PASS)
    failed = []
    while archive.queue:
        job = archive.queue.pop()
        try:
            work(archive, job, lambda: True)
        except StoreError:
            failed.append(job)
    assert [job.day for job in failed] == [DAYS[1]]
    assert archive.marked


def test_marks_without_files_are_removed_at_once() -> None:
    archive = FakeArchive({})
    work(archive, PASS, lambda: True)
    assert (archive.marked, archive.queue) == (False, [])


def test_without_anything_to_remove_no_day_is_read() -> None:
    archive = archived()
    archive.marked = False
    work(archive, PASS, lambda: True)
    assert (archive.opened, archive.queue) == (set(), [])


@pytest.mark.parametrize("left", [True, False])
def test_without_time_left_a_day_continues_after_the_last_file(*, left: bool) -> None:
    archive = archived()
    work(archive, PASS, lambda: True)
    archive.queue.clear()
    work(archive, PurgeJob(NOON, DAYS[0]), lambda: left)
    expected = [] if left else [PurgeJob(NOON, DAYS[0], "a")]
    assert archive.queue == expected
