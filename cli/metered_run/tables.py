"""Moto behind the meter: its tables as they are, and its wire."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.core.botocore_stubber import BotocoreStubber
from moto.dynamodb.models import dynamodb_backends

from cli.sandbox.deployment import REGION
from simulator.metering.item_size import Item
from simulator.metering.meter import Meter

ACCOUNT = "123456789012"


class MotoTables:
    """The tables of the account that moto acts for."""

    def keys(self, table: str) -> Iterable[str]:
        return [key["AttributeName"] for key in self._backend.get_table(table).schema]

    def item(self, table: str, key: Mapping[str, Any]) -> Item | None:
        found = self._backend.get_item(table, dict(key))
        attributes: Item | None = found.to_json()["Attributes"] if found else None
        return attributes

    @property
    def _backend(self) -> Any:
        return dynamodb_backends[ACCOUNT][REGION]


@contextmanager
def on_the_wire(meter: Meter) -> Iterator[None]:
    """Every request that moto answers goes through `meter`."""
    answer = BotocoreStubber.process_request

    def metered(stubber: BotocoreStubber, request: Any) -> Any:
        target = request.headers.get("X-Amz-Target", "")
        target = target.decode() if isinstance(target, bytes) else target

        def send() -> tuple[int, Any, bytes]:
            status, headers, body = answer(stubber, request)  # type: ignore[misc]
            return int(status), headers, body.encode() if isinstance(body, str) else body

        return meter.through(target, request.body, send) if target else answer(stubber, request)

    with patch.object(BotocoreStubber, "process_request", metered):
        yield
