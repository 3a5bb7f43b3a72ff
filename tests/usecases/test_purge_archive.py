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
    """`left` are the files of a tenant's day that contain erased users."""

    left: dict[tuple[str, str], list[str]]
    marked: set[str]
    broken: set[str] = field(default_factory=set)
    opened: set[PurgeJob] = field(default_factory=set)
    queue: list[PurgeJob] = field(default_factory=list)
    gathered: set[str] = field(default_factory=set)

    def tenants(self) -> list[str]:
        return sorted(self.marked)

    def gather(self, tenant: str) -> None:
        self.gathered.add(tenant)

    def days(self, tenant: str) -> list[str]:
        return [day for of, day in self.left if of == tenant]

    def purge_day(
        self, tenant: str, day: str, *, after: str, time_left: Callable[[], bool]
    ) -> str | None:
        if day in self.broken:
            raise StoreError("read archive")
        files = self.left[tenant, day]
        for file in [one for one in sorted(files) if one > after]:
            files.remove(file)
            if not time_left():
                return file
        return None

    def forget(self, tenant: str, *, began: int) -> None:
        assert began == NOON
        assert not any(files for (of, _), files in self.left.items() if of == tenant)
        assert tenant in self.gathered
        self.marked.discard(tenant)

    def open(self, job: PurgeJob, days: Iterable[str]) -> None:
        self.opened |= {PurgeJob(job.began, job.tenant, day) for day in days}

    def close(self, job: PurgeJob) -> None:
        self.opened.discard(PurgeJob(job.began, job.tenant, job.day))

    def done(self, job: PurgeJob) -> bool:
        return not any((one.began, one.tenant) == (job.began, job.tenant) for one in self.opened)

    def send(self, jobs: Sequence[PurgeJob]) -> None:
        self.queue += jobs


def archived(*broken: str) -> FakeArchive:
    left = {(of, day): ["a", "b", "c"] for of in ("harbor", "meadow") for day in DAYS}
    return FakeArchive(left, {"harbor"}, set(broken))


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
    assert archive.marked == set()
    assert all(files == [] for (of, _), files in archive.left.items() if of == "harbor")
    assert all(len(files) == 3 for (of, _), files in archive.left.items() if of == "meadow")


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
    assert archive.marked == {"harbor"}


def test_marks_of_a_tenant_without_files_are_removed_at_once() -> None:
    archive = FakeArchive({}, {"harbor"})
    work(archive, PurgeJob(NOON, "harbor"), lambda: True)
    assert (archive.marked, archive.queue) == (set(), [])


@pytest.mark.parametrize("left", [True, False])
def test_without_time_left_a_day_continues_after_the_last_file(*, left: bool) -> None:
    archive = archived()
    work(archive, PurgeJob(NOON, "harbor"), lambda: True)
    archive.queue.clear()
    work(archive, PurgeJob(NOON, "harbor", DAYS[0]), lambda: left)
    expected = [] if left else [PurgeJob(NOON, "harbor", DAYS[0], "a")]
    assert archive.queue == expected
