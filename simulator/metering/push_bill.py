"""Costs of plays that players push: one call for each play, or calls of many.

Units come from the meter, CPU time from the benchmark. The API's gateway is charged by request, the
firewall and the edge in front of it are not included.
"""

from dataclasses import dataclass

from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices
from simulator.capacity.simulation import CORE_MB
from simulator.metering.bill import (
    AGGREGATE_BATCH,
    INVOCATION_LOG_BYTES,
    Bill,
    charge,
    dynamodb,
    function,
    stored,
)

_WAIT_SECONDS = 0.015
"""Three round trips of a call: its token, its owner and the plays."""
_LIST_WAIT_SECONDS = 0.005
_GB = 1e9


@dataclass(frozen=True, slots=True)
class PushCosts:
    """The consumption of one play: its share of a `calls`, with `write` and `read` units, and of
    `lists` that are rebuilt, with their units.
    """

    calls: float
    write: float
    read: float
    lists: float
    list_write: float
    list_read: float
    chunk_bytes: float
    log_bytes: float


def push_bill(
    name: str,
    plays: float,
    found: PushCosts,
    cpu_ms: float,
    inputs: Inputs,
    prices: Prices,
    *,
    provisioned: bool = False,
) -> Bill:
    """Dollars for `plays` on one day. `cpu_ms` is the CPU time of a play on one core."""
    calls, lists = plays * found.calls, plays * found.lists
    megabytes = inputs.scrobble_function_mb
    busy = plays * cpu_ms / 1000 * CORE_MB / megabytes + calls * _WAIT_SECONDS
    computing = inputs.aggregate_cpu_ms / 1000 * CORE_MB / inputs.aggregate_function_mb
    made = lists * (computing + _LIST_WAIT_SECONDS)
    batches = lists / AGGREGATE_BATCH
    logged = plays * found.log_bytes + (calls + batches) * INVOCATION_LOG_BYTES
    return Bill(
        name,
        (
            charge("gateway", calls, "requests", "http_api_request", prices),
            dynamodb(
                "write",
                plays * (found.write + found.list_write),
                prices,
                provisioned=provisioned,
            ),
            dynamodb(
                "read", plays * (found.read + found.list_read), prices, provisioned=provisioned
            ),
            stored(plays * found.chunk_bytes, prices),
            function("scrobble", busy, calls, megabytes, prices),
            function("aggregate", made, batches, inputs.aggregate_function_mb, prices),
            charge("logs", logged / _GB, "GB", "logs_gb", prices),
        ),
    )
