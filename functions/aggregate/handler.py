"""Plays stream -> TopLists: each owner of a batch once, however many chunks it brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.aggregate.wiring import aggregating
from topk.domain.errors import MalformedMessageError, TopkError
from topk.domain.owner import Owner
from topk.runtime.observability import count, logger
from topk.stores.plays import fetched_at
from topk.usecases.aggregate import aggregate


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An owner's first record in a batch, and when their chunks were fetched."""

    sequence: str
    oldest: int
    newest: int


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    arrivals, failed = _arrivals(event["Records"])
    changed = 0
    for owner, arrival in arrivals.items():
        try:
            changed += _aggregate(owner, arrival)
        except TopkError as error:
            logger().warning("not aggregated", extra={"owner": owner.key, "reason": str(error)})
            failed.append(arrival.sequence)
    count({"ListsChanged": changed, "ListsFailed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _aggregate(owner: Owner, arrival: _Arrival) -> bool:
    parts = aggregating()
    return aggregate(
        owner,
        plays=parts.plays,
        connections=parts.connections,
        profiles=parts.profiles,
        top_lists=parts.top_lists,
        now=arrival.newest,
        oldest=arrival.oldest,
    )


def _arrivals(records: Iterable[Mapping[str, Any]]) -> tuple[dict[Owner, _Arrival], list[str]]:
    """What arrived for whom, and the sequence numbers of records that cannot be read."""
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
        before = found.get(owner) or _Arrival(sequence, moment, moment)
        found[owner] = _Arrival(
            before.sequence, min(before.oldest, moment), max(before.newest, moment)
        )
    return found, unreadable
