"""Costs per day at any scale, for our design (on demand and provisioned) and the naive one.

Units come from the meter. Lambda time follows from the measured CPU time and the providers'
latencies, as in the capacity simulation.
"""

from dataclasses import dataclass, replace

from simulator.capacity.cost import DAYS_A_MONTH, PROVISIONED_OVER_MEAN, RETENTION_DAYS
from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices
from simulator.capacity.simulation import CORE_MB
from simulator.capacity.sizing import environment_seconds
from simulator.capacity.staleness import DAY_SECONDS
from simulator.metering.unit_costs import UnitCosts

LISTENING = 0.7
"""Share of crawls with plays: the source's 35M of 50M users who listen on a day."""
PLAYS_A_CRAWL = 15
"""The source's 1.05 billion plays in 70 million crawls."""
INVOCATION_LOG_BYTES = 250
"""START, END and REPORT of an invocation, as Lambda writes them."""
AGGREGATE_BATCH = 100
_AGGREGATE_WAIT_SECONDS = 0.005
_KEY_READS_A_DAY = 24
"""A data key is cached for an hour in each environment."""
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Charge:
    """`amount` of `unit` a day, at `usd` a day."""

    what: str
    amount: float
    unit: str
    usd: float


@dataclass(frozen=True, slots=True)
class Bill:
    name: str
    charges: tuple[Charge, ...]

    @property
    def usd(self) -> float:
        return sum(charge.usd for charge in self.charges)


@dataclass(frozen=True, slots=True)
class Compacted:
    """Compacted chunks for a day of one listener: write units and stored bytes, kept for `days`."""

    write_units: float
    row_bytes: float
    days: int

    def figures(self) -> dict[str, float]:
        return {
            "write_units": round(self.write_units, 3),
            "bytes": round(self.row_bytes),
            "days": self.days,
        }


@dataclass(frozen=True, slots=True)
class Scale:
    """A day's crawls, those with plays, and the lists that change."""

    crawls: float
    with_plays: float
    lists: float

    @classmethod
    def of(cls, inputs: Inputs) -> "Scale":
        """Every chunk rebuilds a list, as an owner's accounts are crawled at different minutes."""
        crawls = inputs.users * inputs.connections_per_user
        return cls(crawls, crawls * LISTENING, crawls * LISTENING)


def measured(inputs: Inputs, found: UnitCosts) -> Inputs:
    """`inputs` with the measured units of a run instead of the assumed ones."""
    return replace(
        inputs,
        write_units_per_crawl=found.crawl.usual,
        write_units_per_empty_crawl=found.crawl.checkpoint,
        write_units_per_list=found.list_write,
        read_units_per_crawl=found.crawl.read,
        read_units_per_list=found.list_read,
    )


def ours(
    inputs: Inputs,
    found: UnitCosts,
    prices: Prices,
    *,
    chunk_bytes: float,
    compacted: Compacted,
    provisioned: bool,
) -> Bill:
    scale, listeners = Scale.of(inputs), inputs.users * LISTENING
    writes = (
        scale.with_plays * found.crawl.usual
        + (scale.crawls - scale.with_plays) * found.crawl.checkpoint
        + scale.lists * found.list_write
    )
    reads = scale.crawls * found.crawl.read + scale.lists * found.list_read
    batches = scale.crawls * found.crawl.deliveries / inputs.batch
    busy = environment_seconds(scale.crawls, inputs)
    environments = busy / DAY_SECONDS
    logged = scale.crawls * found.crawl.log_bytes + batches * INVOCATION_LOG_BYTES
    computing = inputs.aggregate_cpu_ms / 1000 * CORE_MB / inputs.aggregate_function_mb
    made = scale.lists * (computing + _AGGREGATE_WAIT_SECONDS)
    return Bill(
        "provisioned" if provisioned else "on demand",
        (
            dynamodb("write", writes, prices, provisioned=provisioned),
            dynamodb("read", reads, prices, provisioned=provisioned),
            stored(scale.with_plays * chunk_bytes, prices),
            dynamodb(
                "write",
                listeners * compacted.write_units,
                prices,
                provisioned=provisioned,
                of=", compacted",
            ),
            stored(listeners * compacted.row_bytes, prices, days=compacted.days, of=", compacted"),
            function("crawl", busy, batches, inputs.crawl_function_mb, prices),
            function(
                "aggregate",
                made,
                scale.lists / AGGREGATE_BATCH,
                inputs.aggregate_function_mb,
                prices,
            ),
            charge("SQS", scale.crawls * found.sqs, "requests", "sqs_request", prices),
            charge("logs", logged / _GB, "GB", "logs_gb", prices),
            charge("KMS", environments * _KEY_READS_A_DAY, "requests", "kms_request", prices),
        ),
    )


def naive(inputs: Inputs, prices: Prices, *, item_bytes: float) -> Bill:
    """The naive design: an item per play, a counter per song, an index on the next crawl (an update
    is a delete and a put), a message per crawl, and a KMS call per token."""
    scale = Scale.of(inputs)
    plays = scale.crawls * PLAYS_A_CRAWL
    alone = replace(inputs, batch=1)
    busy = environment_seconds(scale.crawls, alone)
    per_crawl = 3
    return Bill(
        "naive",
        (
            dynamodb("write", plays * 2 + scale.crawls * per_crawl, prices, provisioned=False),
            dynamodb("read", scale.crawls * 1.5, prices, provisioned=False),
            stored(plays * item_bytes, prices),
            function("crawl", busy, scale.crawls, inputs.crawl_function_mb, prices),
            charge("SQS", scale.crawls * 3, "requests", "sqs_request", prices),
            charge("logs", scale.crawls * INVOCATION_LOG_BYTES / _GB, "GB", "logs_gb", prices),
            charge("KMS", scale.crawls, "requests", "kms_request", prices),
        ),
    )


def charge(what: str, amount: float, unit: str, price: str, prices: Prices) -> Charge:
    return Charge(what, amount, unit, amount * prices[price])


def dynamodb(
    kind: str,
    units: float,
    prices: Prices,
    *,
    provisioned: bool,
    of: str = "",
    over_mean: float = PROVISIONED_OVER_MEAN,
) -> Charge:
    """`over_mean` is what is provisioned relative to the day's mean."""
    if provisioned:
        per_second = units / DAY_SECONDS * over_mean
        usd = per_second * 24 * prices[f"dynamodb_provisioned_{kind}_hour"]
    else:
        usd = units * prices[f"dynamodb_{kind}_unit"]
    return Charge(f"DynamoDB {kind}s{of}", units, "units", usd)


def stored(
    bytes_a_day: float, prices: Prices, *, days: int = RETENTION_DAYS, of: str = ""
) -> Charge:
    stored = bytes_a_day * days / _GB
    return Charge(f"storage{of}", stored, "GB", stored * prices["dynamodb_gb_month"] / DAYS_A_MONTH)


def function(what: str, seconds: float, requests: float, megabytes: int, prices: Prices) -> Charge:
    gb_seconds = seconds * megabytes / 1024
    usd = gb_seconds * prices["lambda_arm64_gb_second"] + requests * prices["lambda_request"]
    return Charge(f"Lambda, {what}", gb_seconds, "GB-seconds", usd)
