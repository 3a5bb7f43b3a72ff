"""Stands for botocore's client of S3, with the calls that erasing makes."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from cli.chaos_run.wire import Wire


class S3:
    """`objects` are bodies by key, of the one bucket that there is."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.objects: dict[str, bytes] = {}

    def get_paginator(self, _operation: str) -> Self:
        return self

    def paginate(self, **call: Any) -> Iterator[Mapping[str, Any]]:
        prefix = call["Prefix"]

        def effect() -> dict[str, Any]:
            return {"Contents": [{"Key": key} for key in self.objects if key.startswith(prefix)]}

        yield self._wire.call("s3", f"ListObjectsV2 {prefix}", effect, writes=False)

    def put_object(self, **call: Any) -> dict[str, Any]:
        def effect() -> dict[str, Any]:
            self.objects[call["Key"]] = call["Body"]
            return {}

        return self._wire.call("s3", f"PutObject {call['Key']}", effect, writes=True)

    def delete_object(self, **call: Any) -> dict[str, Any]:
        def effect() -> dict[str, Any]:
            self.objects.pop(call["Key"], None)
            return {}

        return self._wire.call("s3", f"DeleteObject {call['Key']}", effect, writes=True)
