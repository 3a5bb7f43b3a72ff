"""Whoever was erased, and what was deleted, goes out of the files of the archive, by itself."""

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
    """Does what `job` is of the pass and queues the rest; can be repeated.

    A day stands as open until all its files are done. Who finds none of a tenant's open any more
    takes the marks that were there before the pass began: a piece that fails for good keeps them,
    and the next pass does its work. Raises StoreError where S3 or the queue fails.
    """
    if not job.tenant:
        queue.send([replace(job, tenant=tenant) for tenant in archive.tenants()])
    elif not job.day:
        # Before any mark of an erased user goes: nothing of theirs stays among the deletions.
        archive.gather(job.tenant)
        days = archive.days(job.tenant)
        progress.open(job, days)
        queue.send([replace(job, day=day) for day in days])
        _forget_if_done(job, archive, progress)
    elif reached := archive.purge_day(job.tenant, job.day, after=job.after, time_left=time_left):
        queue.send([replace(job, after=reached)])
    else:
        progress.close(job)
        _forget_if_done(job, archive, progress)


def _forget_if_done(job: PurgeJob, archive: Purging, progress: PurgeProgress) -> None:
    if progress.done(job):
        archive.forget(job.tenant, began=job.began)
