"""Plays stream -> TopLists: one rebuild for each owner of a batch.

The log line of a batch contains [chunk ids, whether the list changed] for each owner. A chunk's id
starts with the correlation id of its crawl job, which starts with the id of the tick.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.aggregate.wiring import aggregating
from topk.domain.errors import MalformedMessageError, TopkError
from topk.domain.owner import Owner
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count, logger
from topk.stores.tables.plays import chunk_id, fetched_at
from topk.usecases.lists.aggregate import Standing, aggregation, standings
from topk.usecases.lists.interleave import Task, interleaved

_AT_ONCE = 5
"""Lists in progress at once. Each has at most two requests in flight, and the client keeps ten
connections.
"""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An owner's first record in a batch, and their chunks' ids and times."""

    sequence: str
    oldest: int
    newest: int
    chunks: tuple[str, ...]


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    begin_invocation()
    arrivals, failed = _arrivals(event["Records"])
    parts = aggregating()
    standing = standings([*arrivals], profiles=parts.profiles, top_lists=parts.top_lists)
    tasks = (_aggregation(owner, one, standing.get(owner)) for owner, one in arrivals.items())
    made = dict(interleaved(tasks, at_once=_AT_ONCE))
    failed += [one.sequence for owner, one in arrivals.items() if made[owner] is None]
    changed = {owner for owner, list_changed in made.items() if list_changed}
    told = [[list(one.chunks), owner in changed] for owner, one in arrivals.items()]
    logger().info("lists", extra={"lists": told})
    count({"ListsChanged": len(changed), "ListsFailed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _aggregation(
    owner: Owner, arrival: _Arrival, standing: Standing | None
) -> Task[tuple[Owner, bool | None]]:
    """The owner and whether their list changed; None if the rebuild failed."""
    parts = aggregating()
    try:
        changed = yield from aggregation(
            owner,
            plays=parts.plays,
            connections=parts.connections,
            profiles=parts.profiles,
            top_lists=parts.top_lists,
            now=arrival.newest,
            oldest=arrival.oldest,
            standing=standing,
        )
    except TopkError as error:
        logger().warning("not aggregated", extra={"record": arrival.sequence, "reason": str(error)})
        return owner, None
    return owner, changed


def _arrivals(records: Iterable[Mapping[str, Any]]) -> tuple[dict[Owner, _Arrival], list[str]]:
    """New chunks by owner, and the sequence numbers of unreadable records."""
    found: dict[Owner, _Arrival] = {}
    unreadable: list[str] = []
    for record in records:
        keys, sequence = record["dynamodb"]["Keys"], record["dynamodb"]["SequenceNumber"]
        try:
            owner, moment = Owner.parse(keys["owner"]["S"]), fetched_at(keys["chunk"]["S"])
        except MalformedMessageError as error:
            logger().warning("not aggregated", extra={"reason": str(error)})
            unreadable.append(sequence)
            continue
        before = found.get(owner) or _Arrival(sequence, moment, moment, ())
        found[owner] = _Arrival(
            before.sequence,
            min(before.oldest, moment),
            max(before.newest, moment),
            (*before.chunks, chunk_id(keys["chunk"]["S"])),
        )
    return found, unreadable
