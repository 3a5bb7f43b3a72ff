"""Readable snapshots of tables and queues, for comparison. They contain no tokens."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from topk.domain.errors import StoreError
from topk.stores.codecs.chunk_format import decode as decode_chunk
from topk.stores.codecs.compacted_chunks import MARKER, read_marker
from topk.stores.codecs.list_format import decode as decode_list

Snapshot = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Table, queue or bucket -> key of a row or object, or `messages` -> attribute -> value."""

_SECRET = frozenset({"grant", "wrapped", "code_verifier"})


def rows(dynamodb: Any, table: str) -> dict[str, dict[str, str]]:
    """The rows of `table` by key. `dynamodb` is a client."""
    schema = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
    keys = [part["AttributeName"] for part in schema]
    found: dict[str, dict[str, str]] = {}
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            row = {name: next(iter(value.values())) for name, value in item.items()}
            key = " ".join(str(row[name]) for name in keys)
            found[key] = {name: _shown(name, row) for name in sorted(row) if name not in keys}
    return found


def messages(sqs: Any, url: str) -> dict[str, dict[str, str]]:
    """The number of messages in the queue, without receiving them."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return {"messages": {"waiting": found[names[0]], "delayed": found[names[1]]}}


def objects(s3: Any, bucket: str) -> dict[str, dict[str, str]]:
    """The objects of `bucket` by key."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    found = (one for page in pages for one in page.get("Contents", ()))
    return {one["Key"]: {"bytes": str(one["Size"]), "tag": one["ETag"]} for one in found}


def changes(before: Snapshot, after: Snapshot) -> list[tuple[str, str, str, str]]:
    """(place, key, what, how) for every row that differs; `what` is added, removed or changed."""
    return [
        (place, key, *_difference(old.get(key), new.get(key)))
        for place in sorted({*before, *after})
        for old, new in [(before.get(place, {}), after.get(place, {}))]
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]


def _difference(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> tuple[str, str]:
    if new is None:
        return "removed", ""
    changed = {name: value for name, value in new.items() if old is None or old.get(name) != value}
    told = ", ".join(f"{name}={value}" for name, value in changed.items())
    return "added" if old is None else "changed", told


def _shown(name: str, row: Mapping[str, Any]) -> str:
    if name in _SECRET:
        return f"sealed {abs(hash(str(row[name]))) % 10_000:04}"
    if name != "body":
        return str(row[name])[:60]
    try:
        return _body(row)
    except StoreError as error:
        return str(error)


def _body(row: Mapping[str, Any]) -> str:
    if row.get("chunk") == MARKER:
        return f"compacted through {read_marker(row['body'])}"
    if "chunk" in row:
        plays = decode_chunk(row["body"], str(row["chunk"]).split("#")[1])
        return f"{len(plays)} plays of {len({play.track for play in plays})} tracks"
    found = decode_list(row["body"], as_of=date.min, time_zone="")
    return "; ".join(f"{song.listen_count}x {song.title}" for song in found.songs[:5])
