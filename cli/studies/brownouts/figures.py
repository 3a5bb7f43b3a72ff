"""The rows of the table of outages, from out/brownouts.json."""

from collections.abc import Mapping, Sequence
from typing import Any

MOST_IN_FLIGHT = 120_000
"""Of a standard queue.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""
SHARE = 0.8
"""Of that limit, what an outage may use."""
CAUGHT_UP_WITHIN_SECONDS = 1800
COLUMNS = (
    "outage of",
    "crawls in it",
    "not done",
    "dead letters",
    "records dropped",
    "in flight at full scale",
    "greatest lag of the stream",
    "lag below a minute after",
)


def rows(found: Sequence[Mapping[str, Any]]) -> list[Sequence[str]]:
    return [
        (
            one["name"],
            str(one["crawls"]),
            str(one["missed"]),
            str(one["dead_letters"]),
            str(one["dropped"]),
            f"{one['in_flight']:,}",
            f"{one['lag']:.0f} s",
            f"{one['behind']:.0f} s",
        )
        for one in found
    ]


def faults(one: Mapping[str, Any]) -> list[str]:
    """What an outage must not do, and did."""
    found = [
        f"{one[count]} {what}"
        for count, what in (
            ("missed", "crawls not done"),
            ("dead_letters", "dead letters"),
            ("dropped", "records dropped"),
        )
        if one[count]
    ]
    if one["in_flight"] > SHARE * MOST_IN_FLIGHT:
        found.append(f"{one['in_flight']:,} messages in flight")
    if one["behind"] > CAUGHT_UP_WITHIN_SECONDS:
        found.append(f"the stream late for {one['behind']:.0f} s")
    return found
