"""Plays stream -> TopLists: one rebuild for each owner of a batch.

The log line of a batch contains [chunk ids, whether the list changed] for each owner. A chunk's id
starts with the correlation id of its crawl job, which starts with the id of the tick.

An owner whose list cannot be built, or takes too much processor time, keeps the last one and is
dead-lettered alone. The others of the batch are done.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from functions.aggregate.wiring import aggregating
from topk.domain.errors import (
    MalformedMessageError,
    StoreError,
    TopkError,
    UnexpectedError,
    place_of,
)
from topk.domain.owner import Owner
from topk.runtime.cpu_budget import within
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count, count_by_version, logger
from topk.stores.codecs.compacted_chunks import is_derived
from topk.stores.tables.markers import is_correction, is_marker
from topk.stores.tables.plays import chunk_id, fetched_at
from topk.usecases.lists.aggregate import Standing, aggregation, standings
from topk.usecases.lists.compact_plays import Arrival
from topk.usecases.lists.interleave import Task, run_interleaved
from topk.usecases.queue_outcomes import QueueOutcome, queue_outcome

_AT_ONCE = 5
"""Lists in progress at once. Each has at most two requests in flight, and the client keeps ten
connections.
"""
_SECONDS_EACH = 4.0
"""Processor time for one step of one owner's list. The most plays that are read take 1.3 s."""
_RESERVED = 2 / 3
"""The share of an invocation's time in which no list is started, so that those in progress can end:
on AWS 40 of 60 s, in which each may use all of its processor time on 0.58 of a core.
"""


class _Outcome(Enum):
    CHANGED = auto()
    UNCHANGED = auto()
    FAILED = auto()
    """To be retried with the batch."""
    GIVEN_UP = auto()
    """Among the dead letters."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An owner's first record in a batch, and their chunks' ids and times.

    A correction concerns the oldest plays too. `silence` is the expiry of the marker of what is
    kept in compacted chunks.
    """

    sequence: str
    oldest: int
    newest: int
    chunks: tuple[str, ...] = ()
    moments: tuple[int, ...] = ()
    silence: bool = False


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    begin_invocation()
    left: Callable[[], int] = context.get_remaining_time_in_millis
    reserved = left() * _RESERVED
    arrivals, failed = _arrivals(event["Records"])
    standing = standings([*arrivals], aggregating().ports)
    # However long the reads took, the first lists are started: otherwise a batch whose reads are
    # slow would be retried whole, for ever.
    tasks = (
        _aggregation(
            owner, one, standing.get(owner), lambda: left() > reserved, first=at < _AT_ONCE
        )
        for at, (owner, one) in enumerate(arrivals.items())
    )
    made = dict(run_interleaved(tasks, at_once=_AT_ONCE))
    failed += [one.sequence for owner, one in arrivals.items() if made[owner] is _Outcome.FAILED]
    told = [[list(one.chunks), made[owner] is _Outcome.CHANGED] for owner, one in arrivals.items()]
    logger().info("lists", extra={"lists": told})
    outcomes = [*made.values()]
    count(
        {
            "ListsChanged": outcomes.count(_Outcome.CHANGED),
            "ListsFailed": len(failed),
            "ListsGivenUp": outcomes.count(_Outcome.GIVEN_UP),
        }
    )
    count_by_version({"Handled": len(event["Records"]), "Failed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _aggregation(
    owner: Owner,
    arrival: _Arrival,
    standing: Standing | None,
    has_time: Callable[[], bool],
    *,
    first: bool,
) -> Task[tuple[Owner, _Outcome]]:
    if not first and not has_time():
        return owner, _Outcome.FAILED
    try:
        changed = yield from within(_list_of(owner, arrival, standing), _SECONDS_EACH)
    except TopkError as error:
        return owner, _outcome(owner, arrival, error)
    except Exception as error:  # noqa: BLE001 - one owner must not hold up the batch
        return owner, _outcome(owner, arrival, UnexpectedError(place_of(error)))
    return owner, _Outcome.CHANGED if changed else _Outcome.UNCHANGED


def _outcome(owner: Owner, arrival: _Arrival, error: TopkError) -> _Outcome:
    """A retry holds up the stream's shard, so that only what passes by itself is retried."""
    match queue_outcome(error):
        case QueueOutcome.WAIT | QueueOutcome.RETRY:
            return _failed(arrival, error)
        case QueueOutcome.RETRY_LIMITED | QueueOutcome.DEAD_LETTER:
            return _given_up(owner, arrival, error)
        case QueueOutcome.DROP:
            return _Outcome.UNCHANGED


def _list_of(owner: Owner, arrival: _Arrival, standing: Standing | None) -> Task[bool]:
    return aggregation(
        owner,
        aggregating().ports,
        now=arrival.newest,
        oldest=arrival.oldest,
        standing=standing,
        arrival=Arrival(arrival.moments, arrival.silence),
    )


def _failed(arrival: _Arrival, error: TopkError) -> _Outcome:
    logger().warning("not aggregated", extra={"record": arrival.sequence, "reason": str(error)})
    return _Outcome.FAILED


def _given_up(owner: Owner, arrival: _Arrival, error: TopkError) -> _Outcome:
    """The last list stays; the owner waits among the dead letters until a person looks."""
    try:
        aggregating().dead_letters.put(owner, arrival.chunks, reason=str(error))
    except StoreError as failure:
        return _failed(arrival, failure)
    logger().error("list given up", extra={"record": arrival.sequence, "reason": str(error)})
    return _Outcome.GIVEN_UP


def _arrivals(records: Iterable[Mapping[str, Any]]) -> tuple[dict[Owner, _Arrival], list[str]]:
    """New chunks by owner, and the sequence numbers of unreadable records."""
    found: dict[Owner, _Arrival] = {}
    unreadable: list[str] = []
    for record in records:
        keys, sequence = record["dynamodb"]["Keys"], record["dynamodb"]["SequenceNumber"]
        key = keys["chunk"]["S"]
        if is_derived(key) and record["eventName"] != "REMOVE":
            continue
        try:
            owner, moment = Owner.parse(keys["owner"]["S"]), _moment(record)
        except MalformedMessageError as error:
            logger().warning("not aggregated", extra={"reason": str(error)})
            unreadable.append(sequence)
            continue
        before = found.get(owner) or _Arrival(sequence, moment, moment)
        # Only a chunk's key ends with a crawl's id; that of a hidden song ends with the song's.
        is_chunk = not is_marker(key)
        found[owner] = _Arrival(
            before.sequence,
            min(before.oldest, 0 if is_correction(key) else moment),
            max(before.newest, moment),
            (*before.chunks, *([chunk_id(key)] if is_chunk else [])),
            (*before.moments, *([moment] if is_chunk else [])),
            before.silence or is_derived(key),
        )
    return found, unreadable


def _moment(record: Mapping[str, Any]) -> int:
    """When a chunk was fetched or a marker made; for an expired marker, when it expired."""
    change = record["dynamodb"]
    key = change["Keys"]["chunk"]["S"]
    return int(change["ApproximateCreationDateTime"]) if is_derived(key) else fetched_at(key)
