"""The naive dispatcher: queries the index on next_crawl_at, and queues a message per result."""

import json
from typing import Any

from boto3.dynamodb.conditions import Key

from simulator.naive.tables import DUE, Tables

_BATCH = 10


def dispatch(tables: Tables, sqs: Any, *, queue_url: str, now: str) -> int:
    """Queues all connections due at `now` (ISO 8601), and returns their number."""
    condition = Key("bucket").eq("0") & Key(DUE).lte(now)
    entries: list[dict[str, str]] = []
    sent = 0
    start: dict[str, Any] = {}
    while True:
        answer = tables.connections.query(IndexName=DUE, KeyConditionExpression=condition, **start)
        for item in answer["Items"]:
            body = json.dumps({"owner": item["owner"], "provider": item["provider"]})
            entries.append({"Id": str(len(entries)), "MessageBody": body})
            if len(entries) == _BATCH:
                sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
                sent += len(entries)
                entries = []
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    if entries:
        sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
    return sent + len(entries)
