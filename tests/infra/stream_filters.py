"""Which stream records a mapping's filters let through, by the rules that Lambda documents.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
"""

import json
from collections.abc import Mapping
from typing import Any

TTL = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def passes(mapping: Mapping[str, Any], event: str, key: str, *, expired: bool = False) -> bool:
    """Whether the record of a row of Plays with this range key reaches the function."""
    record: dict[str, Any] = {
        "eventName": event,
        "dynamodb": {"Keys": {"owner": {"S": "harbor#anna"}, "chunk": {"S": key}}},
        **({"userIdentity": TTL} if expired else {}),
    }
    patterns = (json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"])
    return any(_fits(pattern, record) for pattern in patterns)


def _fits(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            _fits(part, value.get(name)) for name, part in pattern.items()
        )
    return any(_rule(rule, value) for rule in pattern)


def _rule(rule: Any, value: Any) -> bool:
    if isinstance(rule, dict):
        return isinstance(value, str) and value.startswith(rule["prefix"])
    return bool(rule == value)
