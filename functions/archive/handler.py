"""Plays stream -> archive: the plays of a batch as Parquet, and deletions.

A file is named by the first record of its batch. Lambda restarts a failed batch at the same record,
so that a retry overwrites the file, and what a shorter retry omits is in the next batch.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from functions.archive.wiring import archiving
from topk.domain.errors import MalformedMessageError
from topk.domain.owner import Owner
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count, logger
from topk.stores.codecs.compacted_chunks import is_derived
from topk.stores.tables.plays import fetched_at
from topk.usecases.archive.archive_plays import archive_plays


def lambda_handler(event: dict[str, Any], _context: Any) -> None:
    begin_invocation()
    # The archive has the plays of compacted chunks from the chunks that brought them.
    records = [
        one for one in event["Records"] if not is_derived(one["dynamodb"]["Keys"]["chunk"]["S"])
    ]
    batch = event["Records"][0]["eventID"]
    parts = archiving()
    keys = list(_keys(records))
    done = archive_plays(keys, log=parts.plays, archive=parts.archive, batch=batch)
    unreadable = done.unreadable + len(records) - len(keys)
    logger().info("archived", extra={"records": len(records), "unreadable": unreadable})
    count({"ChunksArchived": done.chunks, "RowsUnreadable": unreadable})


def _keys(records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Owner, str]]:
    """The readable records. An unreadable one blocks no other; aggregate reports it."""
    for record in records:
        keys = _key(record)
        owner, chunk = keys["owner"]["S"], keys["chunk"]["S"]
        try:
            fetched_at(chunk)
            yield Owner.parse(owner), chunk
        except MalformedMessageError as error:
            number = record["dynamodb"]["SequenceNumber"]
            logger().warning("not archived", extra={"record": number, "reason": str(error)})


def _key(record: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = record["dynamodb"]["Keys"]
    return found
