"""Stands for botocore's client of EventBridge, and keeps what tenants were told.

Source: docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.chaos_run.wire import Wire
from topk.domain.owner import Owner


@dataclass(frozen=True, slots=True)
class Event:
    """What was put on `bus`, as a consumer finds it."""

    bus: str
    kind: str
    detail: Mapping[str, Any]

    @property
    def owner(self) -> Owner:
        return Owner(self.detail["tenant"], self.detail["user_id"])

    @property
    def songs(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.detail.get("songs", ())
        return found


class EventBridge:
    """`told` hears of each event that is taken; `wire.weather` may leave some of a call out."""

    def __init__(self, wire: Wire, told: Callable[[Event], None]) -> None:
        self._wire = wire
        self._told = told
        self.events: list[Event] = []

    def put_events(self, **call: Any) -> dict[str, Any]:
        entries = call["Entries"]

        def effect() -> dict[str, Any]:
            taken, refused = self._wire.split(entries)
            for entry in taken:
                self._take(entry)
            return {
                "FailedEntryCount": len(refused),
                "Entries": [
                    *({"EventId": str(number)} for number, _ in enumerate(taken)),
                    *({"ErrorCode": "InternalFailure"} for _ in refused),
                ],
            }

        return self._wire.call("events", f"PutEvents x{len(entries)}", effect, writes=True)

    def _take(self, entry: Mapping[str, str]) -> None:
        event = Event(entry["EventBusName"], entry["DetailType"], json.loads(entry["Detail"]))
        self.events.append(event)
        self._told(event)
