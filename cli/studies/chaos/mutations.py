"""The product's guards, each with a patch that removes it; a fault run has to notice.

The patches are applied to the real code in memory; the product has no hooks for them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import functions.aggregate.handler
import functions.crawl.handler
import functions.erase.handler
from topk.domain.account.connection import Connection
from topk.domain.chunk import Chunk
from topk.domain.crawl.timetable import Shard
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist import merge
from topk.domain.toplist.announcement import announcement
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ConnectionModel
from topk.stores.queues.announcements import Announcements
from topk.stores.tables import connections, markers
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.timetable import Timetable
from topk.usecases.crawling import crawl as crawling
from topk.usecases.crawling import route_messages
from topk.usecases.lists import announce as announcing
from topk.usecases.lists import read_following, read_list
from topk.usecases.privacy import erase as erasing

Patch = tuple[Any, str, Any]
"""The patched object, the attribute, and its replacement."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """`guard` describes what is removed."""

    guard: str
    patches: Callable[[], tuple[Patch, ...]]

    @contextmanager
    def applied(self) -> Iterator[None]:
        with ExitStack() as stack:
            for target, name, broken in self.patches():
                stack.enter_context(patch.object(target, name, broken))
            yield


class _HeldBack:
    """Replaces Plays, and collects the chunks instead of writing them."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []

    def append(self, chunks: Iterable[Chunk]) -> None:
        self.chunks += chunks


def _checkpoint_first() -> tuple[Patch, ...]:
    """Plays are written only after the checkpoint has moved."""
    crawl = crawling.crawl

    async def reversed_crawl(jobs: Any, ports: crawling.CrawlPorts, **given: Any) -> Any:
        held: Any = _HeldBack()
        outcomes = await crawl(jobs, replace(ports, plays=held), **given)
        ports.plays.append(held.chunks)
        return outcomes

    return ((functions.crawl.handler, "crawl", reversed_crawl),)


def _no_union() -> tuple[Patch, ...]:
    """A play counts once per chunk that contains it."""
    return ((merge, "_repeats", lambda *_reports: False),)


def _unconditional() -> tuple[Patch, ...]:
    """The checkpoint is written without a condition."""

    def write_over(_self: Connections, connection: Connection) -> Connection:
        row = ConnectionModel(connection.owner.key, connection.provider)
        written = connections._values(connection).items()  # noqa: SLF001
        columns = ((getattr(ConnectionModel, name), value) for name, value in written)
        with translated("update connection"):
            row.update(
                actions=[
                    column.remove() if value is None else column.set(value)
                    for column, value in columns
                ]
            )
        return replace(connection, version=connection.version + 1)

    return ((Connections, "update", write_over),)


def _all_done() -> tuple[Patch, ...]:
    """Crawls and records that failed are taken for done."""
    route = route_messages.route_messages
    aggregate = functions.aggregate.handler.lambda_handler

    def route_as_done(deliveries: Any, outcomes: Any, **parts: Any) -> None:
        done = {key: replace(outcome, failure=None) for key, outcome in outcomes.items()}
        route(deliveries, done, **parts)

    def aggregate_as_done(event: Any, context: Any) -> Any:
        aggregate(event, context)
        return {"batchItemFailures": []}

    return (
        (functions.crawl.handler, "route_messages", route_as_done),
        (functions.aggregate.handler, "lambda_handler", aggregate_as_done),
    )


def _no_catch_up() -> tuple[Patch, ...]:
    """Each tick dispatches only its own slot, and no missed ones."""
    lease = Timetable.lease

    def lease_only(timetable: Timetable, shard: int, holder: str, **times: int) -> Shard:
        return replace(lease(timetable, shard, holder, **times), through=None)

    return ((Timetable, "lease", lease_only),)


def _no_sweep() -> tuple[Patch, ...]:
    """A user counts as erased after the first pass, even if other writers are still running."""

    async def erase_once(job: Any, ports: erasing.ErasePorts, **given: Any) -> bool:
        return await erasing.erase(replace(job, sweep_at=1), ports, **given)

    return ((functions.erase.handler, "erase", erase_once),)


def _seen_by_all() -> tuple[Patch, ...]:
    """Viewers get the list as stored, with its hidden songs."""
    return tuple(
        (module, "for_viewer", lambda _view, found: found) for module in (read_list, read_following)
    )


def _deleted_once() -> tuple[Patch, ...]:
    """Stored plays are deleted, but the deletion itself is not recorded."""
    purge = Plays.purge

    def purge_and_forget(plays: Plays, owner: Owner, **since: int) -> int:
        purged = purge(plays, owner, **since)
        for deletion in plays.deletions(owner):
            markers.deletion_row(owner, deletion).delete()
        return purged

    return ((Plays, "purge", purge_and_forget),)


def _announced_once() -> tuple[Patch, ...]:
    """An event that the bus rejects is not sent again."""
    send = Announcements.send

    def send_once(announcements: Announcements, events: Any) -> Any:
        with suppress(StoreError):
            send(announcements, events)
        return ()

    return ((Announcements, "send", send_once),)


def _private_announced() -> tuple[Patch, ...]:
    """Private lists are announced to tenants too."""

    def announce_all(owner: Owner, found: Any, version: int, profile: Any) -> Any:
        seen = profile and replace(profile, visibility=Visibility.FOLLOWERS)
        return announcement(owner, found, version, seen)

    return ((announcing, "announcement", announce_all),)


MUTATIONS: Mapping[str, Mutation] = {
    "checkpoint-first": Mutation("write before checkpoint", _checkpoint_first),
    "no-union": Mutation("union on read", _no_union),
    "unconditional": Mutation("conditional checkpoint", _unconditional),
    "all-done": Mutation("retries of failed crawls and records", _all_done),
    "no-catch-up": Mutation("watermark catch-up", _no_catch_up),
    "no-sweep": Mutation("sweep after an erasure", _no_sweep),
    "seen-by-all": Mutation("hidden songs left out for others", _seen_by_all),
    "deleted-once": Mutation("deletions that also hold for later crawls", _deleted_once),
    "announced-once": Mutation("events resent until the bus accepts them", _announced_once),
    "private-announced": Mutation("private lists withdrawn from tenants", _private_announced),
}
"""Name -> mutation; `topk chaos --prove` runs them all."""
