"""S3 in memory, as far as the archive asks it; whoever puts may crash."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from io import BytesIO
from typing import Any

from botocore.exceptions import ClientError
from botocore.response import StreamingBody


class CrashError(Exception):
    """The process is gone."""


@dataclass
class FakeS3:
    objects: dict[str, bytes] = field(default_factory=dict)
    crash_after: int | None = None
    """So many puts still get through."""

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, IfMatch: str = "") -> None:  # noqa: N803
        if self.crash_after == 0:
            raise CrashError
        if self.crash_after is not None:
            self.crash_after -= 1
        if IfMatch and IfMatch != _tag(self.objects[Key]):
            raise ClientError({"Error": {"Code": "PreconditionFailed"}}, "PutObject")
        self.objects[Key] = Body

    def get_object(self, *, Bucket: str, Key: str) -> Mapping[str, Any]:  # noqa: N803
        body = self.objects[Key]
        return {"Body": StreamingBody(BytesIO(body), len(body)), "ETag": _tag(body)}

    def delete_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803
        self.objects.pop(Key, None)

    def get_paginator(self, _operation: str) -> "FakeS3":
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[Mapping[str, Any]]:  # noqa: N803
        """A page of one each."""
        for key, body in sorted(self.objects.items()):
            if key.startswith(Prefix):
                at = datetime.fromtimestamp(0, UTC)
                yield {"Contents": [{"Key": key, "ETag": _tag(body), "LastModified": at}]}


def _tag(body: bytes) -> str:
    return md5(body, usedforsecurity=False).hexdigest()
