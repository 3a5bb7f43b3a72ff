"""Erasing a user, while crawls, pushes and callbacks of theirs may still be under way.

A tombstone on the profile hides the user at once. A first pass empties every place. Whoever read
something before writes a while later at most: as long as a function may run. The sweep comes when
that and every message about the user is past, and takes what they left, at last the tombstone.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

from topk.domain.owner import Owner
from topk.domain.privacy.erasure import ErasureJob
from topk.usecases.accounts.follows import unfollow
from topk.usecases.ports import Edges, ErasureQueue, Erasures, Profiles

LONGEST_DELAY_SECONDS = 900
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that holds something of users, under the name that the infrastructure gives it.

    `erase` deletes what is an owner's, page by page; each page is a moment at which to stop. It
    goes on from what is left, however often it is called.
    """

    name: str
    erase: Callable[[Owner], Iterator[object]]


def ask_for_erasure(
    owner: Owner,
    *,
    profiles: Profiles,
    erasures: Erasures,
    queue: ErasureQueue,
    new_receipt: Callable[[], str],
    now: int,
) -> str:
    """Hides `owner` and has all of them erased; returns the receipt, the same for a repeat."""
    receipt = profiles.entomb(owner, new_receipt())
    erasures.begin(owner.tenant, receipt, now=now)
    queue.send(ErasureJob(owner, receipt))
    return receipt


async def erase(
    job: ErasureJob,
    *,
    disconnect_all: Callable[[Owner], Awaitable[None]],
    places: tuple[Place, ...],
    profiles: Profiles,
    erasures: Erasures,
    queue: ErasureQueue,
    sweep_after: int,
    time_left: Callable[[], bool],
    now: int,
) -> bool:
    """Does what is due of `job` at `now` and queues the rest; returns whether all is done.

    A job whose tombstone is gone is over: the user may have come back since. Raises StoreError
    where a place fails; the same job goes on from there.
    """
    if job.sweep_at > now:
        queue.send(job, delay=min(job.sweep_at - now, LONGEST_DELAY_SECONDS))
        return False
    if not _entombed(job, profiles):
        return False
    await disconnect_all(job.owner)
    for place in places:
        for _ in place.erase(job.owner):
            if not time_left():
                queue.send(job)
                return False
    if not job.sweep_at:
        queue.send(
            replace(job, sweep_at=now + sweep_after), delay=min(sweep_after, LONGEST_DELAY_SECONDS)
        )
        return False
    erasures.finish(job.owner.tenant, job.receipt, now=now)
    profiles.erase(job.owner, job.receipt)
    return True


def _entombed(job: ErasureJob, profiles: Profiles) -> bool:
    found = profiles.get(job.owner)
    return found is not None and found.erasing == job.receipt


def unfollow_all(owner: Owner, *, follows: Edges, profiles: Profiles) -> Iterator[int]:
    """Ends what the owner follows, so that the others' counts stay right; yields by page."""
    while True:
        others, more = follows.page(owner, after=None, limit=_PAGE)
        for other in others:
            unfollow(owner, other, follows=follows, profiles=profiles)
        yield len(others)
        if not more:
            return
