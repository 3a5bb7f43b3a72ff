"""Plays stream -> TopLists: each owner of a batch once, however many chunks it brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.aggregate.wiring import aggregating
from topk.domain.errors import TopkError
from topk.domain.owner import Owner
from topk.runtime.observability import count, logger
from topk.stores.plays import fetched_at
from topk.usecases.aggregate import aggregate


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An owner's first record in a batch, and when the newest of their chunks was fetched."""

    sequence: str
    newest: int


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    parts = aggregating()
    failed: list[str] = []
    changed = 0
    for owner, arrival in _arrivals(event["Records"]).items():
        try:
            changed += aggregate(
                owner,
                plays=parts.plays,
                connections=parts.connections,
                profiles=parts.profiles,
                top_lists=parts.top_lists,
                now=arrival.newest,
            )
        except TopkError as error:
            logger().warning("not aggregated", extra={"owner": owner.key, "reason": str(error)})
            failed.append(arrival.sequence)
    count({"ListsChanged": changed, "ListsFailed": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _arrivals(records: Iterable[Mapping[str, Any]]) -> dict[Owner, _Arrival]:
    found: dict[Owner, _Arrival] = {}
    for record in records:
        keys = record["dynamodb"]["Keys"]
        owner, moment = Owner.parse(keys["owner"]["S"]), fetched_at(keys["chunk"]["S"])
        before = found.get(owner) or _Arrival(record["dynamodb"]["SequenceNumber"], moment)
        found[owner] = _Arrival(before.sequence, max(before.newest, moment))
    return found
