"""Erase a user while their crawls, pushes and callbacks may still be running.

A tombstone in the profile hides the user at once. A first pass empties every place. Functions that
read a row earlier can write for as long as they run. The sweep, after that time and after every
message about the user, removes what they wrote, and the tombstone last.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.privacy.erasure import ErasureJob
from topk.domain.toplist.announcement import Announcement
from topk.usecases.accounts.change_edges import BATCH, apply_changes
from topk.usecases.accounts.disconnect import DisconnectPorts, disconnect
from topk.usecases.ports import (
    Announcements,
    Edges,
    ErasureQueue,
    Erasures,
    Graph,
    Profiles,
)

LONGEST_DELAY_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Place:
    """A place with user data, under its name in the infrastructure.

    `erase` deletes an owner's data page by page and can stop after each page. It continues with
    what is left.
    """

    name: str
    erase: Callable[[Owner], Iterator[object]]


class Erasable(Protocol):
    def erase(self, owner: Owner) -> Iterator[object]: ...


class ErasableEdges(Edges, Erasable, Protocol):
    """Edges from an owner, and for `erase` those that point at the owner too."""


class Archived(Protocol):
    def mark(self, owner: Owner) -> Iterator[object]: ...


@dataclass(frozen=True, slots=True)
class ErasePorts:
    """`providers` are the deployed ones. `sweep_after` (seconds) is longer than any function runs
    and any message waits. `clock` returns epoch seconds, for the event that an erasure publishes.
    """

    disconnecting: DisconnectPorts
    providers: Collection[str]
    handshakes: Erasable
    personal_tokens: Erasable
    imports: Erasable
    plays: Erasable
    top_lists: Erasable
    announcements: Announcements
    follows: ErasableEdges
    graph: Graph
    follow_requests: Erasable
    blocks: Erasable
    archive: Archived
    exports: Erasable
    uploads: Erasable
    dead_letters: Erasable
    profiles: Profiles
    erasures: Erasures
    queue: ErasureQueue
    sweep_after: int
    clock: Callable[[], float]


DISCONNECTED = frozenset({"Connections", "Timetable", "ProviderUsers"})
"""Places that disconnecting every provider empties."""
LAST = frozenset({"Profiles"})
"""The places with the tombstone, emptied last."""
HELD_OF_NO_USER = {
    "DataKeys": "a key of a tenant and month; what it sealed is gone with the connection",
    "ProviderBudgets": "how fast a provider's application is asked",
    "Tenants": "what a host app declared, and which operator changed it",
    "TenantRates": "how many requests a tenant sends, and which tenants have metrics of their own",
    "Erasures": "a receipt, which its holder alone can tie to a user",
}


def places(ports: ErasePorts) -> tuple[Place, ...]:
    """Every place with user data beyond connections, in the order in which they are emptied.

    Each new table, queue or bucket needs a line here or in the sets above; a test checks it.
    """
    return (
        Place("Handshakes", ports.handshakes.erase),
        Place("PersonalTokens", ports.personal_tokens.erase),
        Place("Imports", ports.imports.erase),
        Place("Plays", ports.plays.erase),
        Place("TopLists", ports.top_lists.erase),
        Place("EventBuses", partial(_take_back, ports)),
        Place("Follows", partial(unfollow_all, follows=ports.follows, graph=ports.graph)),
        Place("Follows", ports.follows.erase),
        Place("FollowRequests", ports.follow_requests.erase),
        Place("Blocks", ports.blocks.erase),
        Place("Archive", ports.archive.mark),
        Place("Exports", ports.exports.erase),
        Place("Uploads", ports.uploads.erase),
        Place("DeadLetters", ports.dead_letters.erase),
    )


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
    receipt = profiles.mark_erasing(owner, new_receipt())
    erasures.begin(owner.tenant, receipt, now=now)
    queue.send(ErasureJob(owner, receipt))
    return receipt


async def erase(
    job: ErasureJob, ports: ErasePorts, *, time_left: Callable[[], bool], now: int
) -> bool:
    """Do what is due of `job` at `now` and queue the rest; returns whether the erasure is finished.

    A job whose tombstone is gone does nothing, because the user may have returned. Raises
    StoreError if a place fails; the same job continues from there.
    """
    queue = ports.queue
    if job.sweep_at > now:
        queue.send(job, delay=min(job.sweep_at - now, LONGEST_DELAY_SECONDS))
        return False
    if not _is_marked(job, ports.profiles):
        return False
    await _disconnect_all(job.owner, ports)
    for place in places(ports):
        for _ in place.erase(job.owner):
            if not time_left():
                queue.send(job)
                return False
    if not job.sweep_at:
        sweep = replace(job, sweep_at=now + ports.sweep_after)
        queue.send(sweep, delay=min(ports.sweep_after, LONGEST_DELAY_SECONDS))
        return False
    ports.erasures.finish(job.owner.tenant, job.receipt, now=now)
    ports.profiles.erase(job.owner, job.receipt)
    return True


async def _disconnect_all(owner: Owner, ports: ErasePorts) -> None:
    """Disconnects from every deployed provider, and from any that is no longer deployed."""
    connected = {one.provider for one in ports.disconnecting.connections.of_owner(owner)}
    for name in sorted(connected | set(ports.providers)):
        await disconnect(owner, name, ports.disconnecting)


def _take_back(ports: ErasePorts, owner: Owner) -> Iterator[int]:
    """Sends the tenant the event that the owner's list was erased."""
    if ports.announcements.send([Announcement(owner, int(ports.clock() * 1000), None)]):
        raise StoreError("put events")
    yield 1


def _is_marked(job: ErasureJob, profiles: Profiles) -> bool:
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
