"""What a stage needs of adjustable quotas in the busiest minute, and the designed scale needs.

Requests are those that the tenants' limits in cdk.json admit, or those of the designed scale with
the mix of `topk load`. Capacity units are those that `topk cost` measured (docs/figures.json),
scaled to these requests. Concurrency is Little's law and the limits of queues and streams.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cli.studies.figures.sizing import TABLE_BYTES, VIEWS_A_SECOND
from infra_cdk.config import Deployment
from infra_cdk.limits.measured import Measurement
from infra_cdk.limits.names import Template
from simulator.emulator.process import ROOT
from simulator.load.mix import SHARES

BUSIEST = 2.5
"""Assumption: requests of the busiest minute, over the average of the day."""
REQUEST_SECONDS = 0.1
"""Assumption: the mean time of a request, half of what 99 in 100 may take."""
SCHEDULED = 1
"""Dispatch, which runs once a minute."""
FULL_SCALE_REQUESTS = BUSIEST * 100 * VIEWS_A_SECOND / SHARES["profile"]
"""A second, in the busiest minute of the designed scale."""
# A new table on demand has 4 partitions. A partition takes 1,000 write units a second and 10 GB.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
FIRST_PARTITIONS, PARTITION_WRITES, PARTITION_BYTES = 4, 1_000, 10e9


@dataclass(frozen=True, slots=True)
class Units:
    """Capacity units a second of a table, averages at full scale."""

    table: str
    writes: float
    reads: float


def admitted(deployment: Deployment) -> float:
    """Requests a second that the API admits of all tenants together."""
    return deployment.stage.api_requests_per_second


def needs(
    deployment: Deployment, templates: Mapping[str, Template], requests: float
) -> list[Measurement]:
    """What the stage uses of the account's adjustable quotas at so many requests a second."""
    share = requests / FULL_SCALE_REQUESTS
    return [
        Measurement("api_requests", deployment.name, requests),
        Measurement("api_burst", deployment.name, requests),
        Measurement("concurrency", deployment.name, _concurrency(templates, requests, share)),
        *_tables(share),
    ]


def measured_units() -> list[Units]:
    """From docs/figures.json: ingest and reads of each table."""
    figures = json.loads((ROOT / "docs" / "figures.json").read_text(encoding="utf-8"))
    (rows,) = (
        table["rows"] for table in figures["topk cost"]["tables"] if table["name"] == "table-load"
    )
    return [
        Units(name, writes, sum(reads))
        for name, writes, *reads in ((row[0], *map(_number, row[1:])) for row in rows)
    ]


def _tables(share: float) -> Iterator[Measurement]:
    for units in measured_units():
        yield Measurement("table_writes", units.table, units.writes * BUSIEST * share)
        yield Measurement("table_reads", units.table, units.reads * BUSIEST * share)


def _concurrency(templates: Mapping[str, Template], requests: float, share: float) -> float:
    """Functions at once: of requests, of queues at their limits, of every shard of a stream."""
    mappings = [
        resource["Properties"]
        for template in templates.values()
        for resource in template.get("Resources", {}).values()
        if resource["Type"] == "AWS::Lambda::EventSourceMapping"
    ]
    queues: float = sum(
        one.get("ScalingConfig", {}).get("MaximumConcurrency", 0) for one in mappings
    )
    streams: float = sum(
        one.get("ParallelizationFactor", 1) * shards(table, share)
        for one in mappings
        for table in ("Plays", "TopLists")
        if "StartingPosition" in one and table in json.dumps(one["EventSourceArn"])
    )
    return requests * REQUEST_SECONDS + queues + streams + SCHEDULED


def shards(table: str, share: float) -> int:
    """Partitions of a table, each of which has an open shard in the stream."""
    writes = {units.table: units.writes for units in measured_units()}[table]
    by_writes = writes * BUSIEST * share / PARTITION_WRITES
    by_bytes = TABLE_BYTES[table] * share / PARTITION_BYTES
    return max(FIRST_PARTITIONS, math.ceil(max(by_writes, by_bytes)))


def _number(text: Any) -> float:
    return float(str(text).replace(",", ""))
