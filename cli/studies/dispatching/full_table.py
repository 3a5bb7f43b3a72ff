"""The timetable and queues of full scale, without storing a row or a message.

Every slot has the same rows, and a queue keeps only how often each row of each slot was sent.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from simulator.aws.calls import Answer, Call, Perform

PROVIDERS = ("spotify", "apple_music", "youtube")
ROWS_A_SHARD = 760
"""Of one slot: 70M crawls a day in 1,440 slots of 64 shards."""


class _Message(msgspec.Struct):
    owner: str
    slot: int


_decoder = msgspec.json.Decoder(_Message)


class FullTable:
    """A hook that answers the dispatcher's queries and takes its messages.

    `now` returns epoch seconds. All other calls are performed.
    """

    def __init__(self, shards: int, now: Any) -> None:
        self._now = now
        self._pages = [_page(shard) for shard in range(shards)]
        self._rows = shards * ROWS_A_SHARD
        self.sent: dict[int, bytearray] = defaultdict(lambda: bytearray(self._rows))
        """Slot (epoch seconds) -> how often each row was queued."""
        self.last_sent: dict[int, float] = {}
        """Slot -> when its last message was accepted (epoch seconds)."""
        self.batches = 0

    def __call__(self, call: Call, perform: Perform) -> Answer:
        match call.operation:
            case "Query":
                values = call.request["ExpressionAttributeValues"]
                shard = int(values[":0"]["S"].partition("#")[2])
                return {"Items": self._pages[shard], "Count": ROWS_A_SHARD}
            case "SendMessageBatch":
                return self._take(call.request["Entries"])
        return perform()

    def _take(self, entries: Sequence[Any]) -> Answer:
        self.batches += 1
        for entry in entries:
            message = _decoder.decode(entry["MessageBody"])
            self.sent[message.slot][int(message.owner[-6:])] += 1
            self.last_sent[message.slot] = self._now()
        return {"Successful": [{"Id": entry["Id"]} for entry in entries], "Failed": []}


def _page(shard: int) -> list[dict[str, Any]]:
    first = shard * ROWS_A_SHARD
    return [
        {
            "connection": {"S": f"harbor#user-{first + at:06}#{PROVIDERS[at % len(PROVIDERS)]}"},
            "every_days": {"N": "1"},
        }
        for at in range(ROWS_A_SHARD)
    ]
