"""Erase a user while their crawls, pushes and callbacks may still be running.

A tombstone in the profile hides the user at once. A first pass empties every place. Functions that
read a row earlier can write for as long as they run. The sweep, after that time and after every
message about the user, removes what they wrote, and the tombstone last.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.owner import Owner
from topk.domain.privacy.erasure import ErasureJob
from topk.usecases.accounts.change_edges import BATCH, apply_changes
from topk.usecases.ports import Edges, ErasureQueue, Erasures, Graph, Profiles

LONGEST_DELAY_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Place:
    """A place with user data, under its name in the infrastructure.

    `erase` deletes an owner's data page by page and can stop after each page. It continues with
    what is left.
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
    """Hide `owner` and start the erasure; returns the receipt, the same for a repeat."""
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
    """Do what is due of `job` at `now` and queue the rest; returns whether the erasure is finished.

    A job whose tombstone is gone does nothing, because the user may have returned. Raises
    StoreError if a place fails; the same job continues from there.
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


def unfollow_all(owner: Owner, *, follows: Edges, graph: Graph) -> Iterator[int]:
    """Remove the owner's follow edges, so that follower counts stay correct; yields by page."""
    while True:
        others, more = follows.page(owner, after=None, limit=BATCH)
        apply_changes([EdgeChange(Edge(owner, other), follows=False) for other in others], graph)
        yield len(others)
        if not more:
            return
