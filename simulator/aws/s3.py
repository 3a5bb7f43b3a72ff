"""S3: buckets with objects by key."""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.response import StreamingBody

from simulator.aws.calls import Answer, Call
from simulator.aws.errors import AwsError, NotSimulatedError

PAGE = 1000
"""Most keys on one page of a list."""


@dataclass(frozen=True, slots=True)
class Stored:
    """`modified_at` is in epoch seconds."""

    body: bytes
    modified_at: float

    @property
    def tag(self) -> str:
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'

    def described(self) -> dict[str, Any]:
        return {"ETag": self.tag, "LastModified": datetime.fromtimestamp(self.modified_at, UTC)}


class S3:
    """`buckets` maps a bucket to its objects by key."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.buckets: dict[str, dict[str, Stored]] = {}
        self._now = now
        self._operations: Mapping[str, Callable[[dict[str, Stored], Mapping[str, Any]], Answer]] = {
            "PutObject": self._put,
            "GetObject": _get,
            "DeleteObject": _delete,
            "ListObjectsV2": _list,
        }

    def perform(self, call: Call) -> Answer:
        """Raises AwsError, and NotSimulatedError for an operation that is not supported."""
        operation = self._operations.get(call.operation)
        if operation is None:
            raise NotSimulatedError(f"S3's {call.operation}")
        bucket = self.buckets.get(call.request["Bucket"])
        if bucket is None:
            raise AwsError("NoSuchBucket")
        return operation(bucket, call.request)

    def _put(self, bucket: dict[str, Stored], request: Mapping[str, Any]) -> Answer:
        body = request["Body"]
        held = body if isinstance(body, bytes) else body.read()
        stored = bucket[request["Key"]] = Stored(held, self._now())
        return {"ETag": stored.tag}


def _get(bucket: dict[str, Stored], request: Mapping[str, Any]) -> Answer:
    stored = bucket.get(request["Key"])
    if stored is None:
        raise AwsError("NoSuchKey")
    return {
        "Body": StreamingBody(io.BytesIO(stored.body), len(stored.body)),
        "ContentLength": len(stored.body),
        **stored.described(),
    }


def _delete(bucket: dict[str, Stored], request: Mapping[str, Any]) -> Answer:
    """Succeeds also if the object does not exist."""
    bucket.pop(request["Key"], None)
    return {}


def _list(bucket: dict[str, Stored], request: Mapping[str, Any]) -> Answer:
    prefix, after = request.get("Prefix", ""), request.get("ContinuationToken", "")
    keys = sorted(key for key in bucket if key.startswith(prefix) and key > after)
    page = keys[: request.get("MaxKeys", PAGE)]
    answer: Answer = {"KeyCount": len(page), "IsTruncated": len(page) < len(keys)}
    if page:
        answer["Contents"] = [
            {"Key": key, "Size": len(bucket[key].body), **bucket[key].described()} for key in page
        ]
    if answer["IsTruncated"]:
        answer["NextContinuationToken"] = page[-1]
    return answer
