"""The naive design's tables: an item per play, counters, and an index on next_crawl_at."""

from typing import Any

import boto3

PLAYS, COUNTERS, CONNECTIONS = "naive_plays", "naive_counters", "naive_connections"
DUE = "next_crawl_at"
_KEYS = {
    PLAYS: ("owner", "played_at"),
    COUNTERS: ("owner_day", "song_id"),
    CONNECTIONS: ("owner", "provider"),
}


def create(client: Any) -> None:
    """Creates the tables with a DynamoDB `client`."""
    for name, key in _KEYS.items():
        due: dict[str, Any] = {"GlobalSecondaryIndexes": [_due()]} if name == CONNECTIONS else {}
        client.create_table(
            TableName=name,
            KeySchema=_schema(*key),
            AttributeDefinitions=[
                {"AttributeName": part, "AttributeType": "S"}
                for part in (*key, *(("bucket", DUE) if due else ()))
            ],
            BillingMode="PAY_PER_REQUEST",
            **due,
        )


class Tables:
    """boto3 resources, one per table."""

    def __init__(self) -> None:
        dynamodb = boto3.resource("dynamodb")
        self.plays = dynamodb.Table(PLAYS)
        self.counters = dynamodb.Table(COUNTERS)
        self.connections = dynamodb.Table(CONNECTIONS)


def _due() -> dict[str, Any]:
    return {
        "IndexName": DUE,
        "KeySchema": _schema("bucket", DUE),
        "Projection": {"ProjectionType": "ALL"},
    }


def _schema(hash_name: str, range_name: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_name, "KeyType": "HASH"},
        {"AttributeName": range_name, "KeyType": "RANGE"},
    ]
