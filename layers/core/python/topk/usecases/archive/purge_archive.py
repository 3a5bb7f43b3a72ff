"""Remove erased users and deleted plays from archive files."""

from collections.abc import Callable
from dataclasses import replace

from topk.domain.privacy.purge import PurgeJob
from topk.usecases.ports import PurgeProgress, PurgeQueue, Purging


def purge_archive(
    job: PurgeJob,
    *,
    archive: Purging,
    progress: PurgeProgress,
    queue: PurgeQueue,
    time_left: Callable[[], bool],
) -> None:
    """Process the piece `job` of a pass and queue the rest. Idempotent.

    A day is open until all its files are done. The piece that finds no open day removes the marks
    that existed before the pass: a piece that fails permanently keeps them for the next pass.
    Raises StoreError if S3 or the queue fails.
    """
    if not job.day:
        if not archive.is_needed():
            return
        # Before marks of erased users are removed, so that none of their deletions remain.
        archive.gather()
        days = archive.days()
        progress.open(job, days)
        queue.send([replace(job, day=day) for day in days])
        _forget_if_done(job, archive, progress)
    elif reached := archive.purge_day(job.day, after=job.after, time_left=time_left):
        queue.send([replace(job, after=reached)])
    else:
        progress.close(job)
        _forget_if_done(job, archive, progress)


def _forget_if_done(job: PurgeJob, archive: Purging, progress: PurgeProgress) -> None:
    if progress.done(job):
        archive.forget(began=job.began)
