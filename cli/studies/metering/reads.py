"""What one read of each kind consumes, through the read function.

The users that the reader follows are copies of rows of metered listeners under other names.
"""

import base64
import itertools
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from cli.studies.metering.service import MeteredService, succeeded
from simulator.aws.dynamodb.tables import Table
from simulator.metering.read_bill import BATCH, Kind, ReadCost
from topk.domain.owner import Owner
from topk.stores.tables.top_lists import WINDOW

READER = "reader"
ACCEPTS = {"accept-encoding": "gzip, br"}
_TOP = "/v1/users/{user_id}/top"
_FEED = "/v1/me/following/top"
_SHOWN = "k=5"
"""As the page of feeds asks."""


def measure_reads(
    metered: MeteredService, listener: Owner, *, followed: int
) -> Mapping[Kind, ReadCost]:
    """Reads of a reader who follows `followed` users."""
    reader = Owner(listener.tenant, f"{READER}-{followed}")
    others = [f"followed-{number:03}" for number in range(followed)]
    _copy(metered, [reader, *(Owner(listener.tenant, one) for one in others)])
    metered.follow(reader, others)
    call = _Calls(metered, reader)
    found = {
        Kind.PROFILE: call.ask("GET", _TOP, user_id=others[0]),
        Kind.OWN: call.ask("GET", "/v1/me/top", owner=listener),
        Kind.FIRST_FEED: call.ask("GET", _FEED, query=_SHOWN),
    }
    cursor = call.answer["cursor"]
    return found | {
        Kind.FEED: call.ask("GET", _FEED, query=f"{_SHOWN}&cursor={cursor}" if cursor else _SHOWN),
        Kind.BATCH: call.ask("POST", "/v1/tops", body=json.dumps({"users": others[:BATCH]})),
    }


class _Calls:
    """Calls of one reader, each with what it consumed; `answer` is the last response."""

    def __init__(self, metered: MeteredService, reader: Owner) -> None:
        self._metered, self._reader = metered, reader
        self.answer: Any = None

    def ask(self, method: str, path: str, *, owner: Owner | None = None, **parts: Any) -> ReadCost:
        """Raises CommandFailedError for an error response."""
        meter, tally = self._metered.meter, self._metered.tally
        meter.used.clear()
        logged = sum(tally.log_bytes.values())
        answer = self._metered.service.api.call(
            "read", method, path, owner or self._reader, headers=ACCEPTS, **parts
        )
        succeeded(answer, f"{method} {path}")
        body, sent = _body(answer)
        self.answer = json.loads(body)
        dynamodb = [found for found in meter.used.items() if found[0].service == "dynamodb"]
        return ReadCost(
            read=sum(one.read for _, one in dynamodb),
            write=sum(one.write for _, one in dynamodb),
            answer_bytes=sent + sum(len(f"{a}: {b}") + 2 for a, b in answer["headers"].items()),
            log_bytes=sum(tally.log_bytes.values()) - logged,
            calls={
                name: max(one.requests for line, one in dynamodb if line.operation == name)
                for name in {line.operation for line, _ in dynamodb}
            },
        )


def _body(answer: Mapping[str, Any]) -> tuple[bytes, int]:
    """The body as text, and the number of bytes that were sent."""
    if not answer.get("isBase64Encoded"):
        return answer["body"].encode(), len(answer["body"])
    raw = base64.b64decode(answer["body"])
    return zlib.decompress(raw, 16 + zlib.MAX_WBITS), len(raw)


def _copy(metered: MeteredService, owners: Sequence[Owner]) -> None:
    """Gives `owners` the lists and settings of the listeners in turn."""
    lists: Table = metered.tables["top_lists"]
    profiles: Table = metered.tables["profiles"]
    samples = [one for one in lists.items() if one["window"] == {"S": WINDOW} and "latest" in one]
    chosen = {one["owner"]["S"]: one for one in profiles.items()}
    for owner, sample in zip(owners, itertools.cycle(samples)):
        for table, row in ((lists, sample), (profiles, chosen[sample["owner"]["S"]])):
            item = {**row, "owner": {"S": owner.key}}
            table.put(table.key(item), item, 0.0)
