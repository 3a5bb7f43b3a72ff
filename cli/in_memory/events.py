"""Lambda events, with the fields that our handlers read."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.aws.sqs import Message

Event = dict[str, Any]


def queue_batch(queue: str, messages: Sequence[Message], skew: float) -> Event:
    """An SQS event. `skew` is the clock skew of SQS (seconds)."""
    return {
        "Records": [
            {
                "messageId": str(message.number),
                "receiptHandle": message.receipt,
                "body": message.body,
                "attributes": {
                    "ApproximateReceiveCount": str(message.received),
                    "ApproximateFirstReceiveTimestamp": str(
                        int((message.first_received_at + skew) * 1000)
                    ),
                },
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{queue}",
            }
            for message in messages
        ]
    }


def tick(moment: float) -> Event:
    return {"time": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def api_call(
    route: str,
    address: str,
    *,
    now: float,
    request: int,
    path: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: str = "",
) -> Event:
    """An HTTP API event: a request to `address`, matched to `route` at `now` (epoch seconds)."""
    context: dict[str, Any] = {
        "requestId": f"request-{request}",
        "timeEpoch": int(now * 1000),
        "domainName": urlsplit(address).netloc,
        "apiId": "simulated",
    }
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": urlsplit(address).path,
        "pathParameters": dict(path or {}),
        "queryStringParameters": dict(parse_qsl(urlsplit(address).query)),
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": context,
        "body": body,
        "isBase64Encoded": False,
    }


def json_body(answer: Mapping[str, Any]) -> Any:
    """The parsed JSON body of an API response."""
    return json.loads(answer["body"])
