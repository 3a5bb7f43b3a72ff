"""Costs of a day of reads, from the viewer's request to the last log line.

Units, bytes and log lines are metered by kind of read; CPU time comes from the benchmark and the
tables' latencies from `simulator.aws.latency`. Each request passes CloudFront, its function that
names the host, the firewall, API Gateway and Lambda.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.aws.latency import read_latencies
from simulator.capacity.cost import DAYS_A_MONTH
from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices
from simulator.capacity.simulation import CORE_MB
from simulator.capacity.staleness import DAY_SECONDS
from simulator.metering.bill import Bill, Charge, charge, dynamodb
from simulator.metering.popularity import followed_share
from simulator.metering.scaling import scaled

READS_A_DAY = 500_000_000
PROFILES, FEEDS, OWN = 0.6, 0.2, 0.2
"""Shares of the reads: lists of others, pages of feeds, own lists."""
FIRST_FEEDS = 0.35
"""Of the pages of feeds: 35M of 50M users look at theirs on a day, at three pages each."""
BATCH = 20
"""Lists in a call of `POST /v1/tops`."""
ACCESS_LINE_BYTES = 151
"""A line of the API's access log, with the 26 bytes that CloudWatch adds to each event."""
PLATFORM_LINES_BYTES = 412
"""START, END and REPORT of an invocation as text, with 26 bytes each."""
DEFAULT_TRACED = 0.05
"""Lambda's own sampling, where it is on."""
PEAK = 2.5
"""Of the day's mean, by which environments are counted."""
TARGET, SWING = 0.8, 0.6
"""Utilization that auto scaling keeps, and how far the hours of a day are from its mean."""
RENEWALS_A_DAY = 12
"""An environment is replaced about every two hours."""
_MILLION, _GB = 1e6, 1e9
_SIGMA = 2.326


class Kind(StrEnum):
    PROFILE = "profile"
    OWN = "own"
    FIRST_FEED = "first page of a feed on a day"
    FEED = "further page of a feed"
    BATCH = "batch of 20"


@dataclass(frozen=True, slots=True)
class ReadCost:
    """One request: units, bytes of the response with its headers, bytes of the function's own log
    lines, and `calls` of each operation of DynamoDB, one after the other.
    """

    read: float
    write: float
    answer_bytes: float
    log_bytes: float
    calls: Mapping[str, int]

    @property
    def wait_seconds(self) -> float:
        return sum(count * mean_seconds(operation) for operation, count in self.calls.items())


def mean_seconds(operation: str) -> float:
    """The mean of a DynamoDB operation's latency, which is log-normal."""
    known = read_latencies()
    found = known.get(f"dynamodb.{operation}", known["dynamodb"])
    sigma = math.log(found.p99 / found.p50) / _SIGMA
    return found.p50 * math.exp(sigma**2 / 2)


@dataclass(frozen=True, slots=True)
class ReadDay:
    """The day's requests by kind. `kept` is the share of viewed profiles that are in memory."""

    requests: Mapping[Kind, float]
    reads: float
    kept: float = 0.0

    @classmethod
    def of(cls, *, batched: float, kept: float, reads: float = READS_A_DAY) -> "ReadDay":
        """`batched` of all reads are lists of others in batches; the others are requests of their
        own.
        """
        in_batches = reads * batched
        return cls(
            {
                Kind.PROFILE: reads * PROFILES - in_batches,
                Kind.OWN: reads * OWN,
                Kind.FIRST_FEED: reads * FEEDS * FIRST_FEEDS,
                Kind.FEED: reads * FEEDS * (1 - FIRST_FEEDS),
                Kind.BATCH: in_batches / BATCH,
            },
            reads,
            kept,
        )

    @property
    def count(self) -> float:
        return sum(self.requests.values())


@dataclass(frozen=True, slots=True)
class Deployed:
    """What decides on the price of a request beside its work."""

    provisioned: bool
    traced: float
    platform_lines: bool
    access_log_price: str
    edge_function: bool


PRODUCTION = Deployed(
    provisioned=True,
    traced=0.0,
    platform_lines=False,
    access_log_price="logs_infrequent_gb",
    edge_function=True,
)
BEFORE = Deployed(
    provisioned=False,
    traced=DEFAULT_TRACED,
    platform_lines=True,
    access_log_price="logs_gb",
    edge_function=True,
)
"""AWS's defaults: on demand, everything traced and logged as it comes."""


def read_bill(
    name: str,
    day: ReadDay,
    costs: Mapping[Kind, ReadCost],
    inputs: Inputs,
    prices: Prices,
    deployed: Deployed = PRODUCTION,
) -> Bill:
    count = day.count

    def total(member: str) -> float:
        return float(
            sum(requests * getattr(costs[kind], member) for kind, requests in day.requests.items())
        )

    seconds = _busy_seconds(day, costs, inputs)
    gb = inputs.read_function_mb / 1024
    environments = seconds / DAY_SECONDS * PEAK
    units = total("read") - _kept_units(day, costs)
    lines = total("log_bytes") + (count * PLATFORM_LINES_BYTES if deployed.platform_lines else 0)
    access = count * ACCESS_LINE_BYTES / _GB
    paid = scaled(TARGET, SWING).paid
    return Bill(
        name,
        (
            charge("CloudFront, requests", count, "requests", "cloudfront_https_request", prices),
            _sent(total("answer_bytes") / _GB, prices),
            *(
                [charge("CloudFront, function", count, "runs", "cloudfront_function", prices)]
                if deployed.edge_function
                else []
            ),
            charge("firewall", count, "requests", "waf_request", prices),
            _gateway(count, prices),
            charge("Lambda, requests", count, "requests", "lambda_request", prices),
            charge("Lambda, time", seconds * gb, "GB-seconds", "lambda_arm64_gb_second", prices),
            Charge(
                "Lambda, SnapStart",
                environments * RENEWALS_A_DAY,
                "restores",
                environments * RENEWALS_A_DAY * gb * prices["snapstart_restore_gb"]
                + DAY_SECONDS * gb * prices["snapstart_cache_gb_second"],
            ),
            dynamodb("read", units, prices, provisioned=deployed.provisioned, over_mean=paid),
            dynamodb(
                "write", total("write"), prices, provisioned=deployed.provisioned, over_mean=paid
            ),
            charge("traces", count * deployed.traced, "traces", "xray_trace", prices),
            charge("access log", access, "GB", deployed.access_log_price, prices),
            charge("other logs", lines / _GB, "GB", "logs_gb", prices),
        ),
    )


def per_million(
    costs: Mapping[Kind, ReadCost], inputs: Inputs, prices: Prices
) -> Iterator[tuple[Kind, float]]:
    """Dollars for a million reads of each kind, at the prices of a full day."""
    for kind in costs:
        requests = READS_A_DAY / BATCH if kind is Kind.BATCH else READS_A_DAY
        bill = read_bill(kind, ReadDay({kind: requests}, READS_A_DAY), costs, inputs, prices)
        yield kind, bill.usd / READS_A_DAY * _MILLION


def cpu_ms(kind: Kind, inputs: Inputs) -> float:
    """CPU time on one core. A feed's page has as many lists as a batch; the benchmark's has 25."""
    many = kind in {Kind.FEED, Kind.FIRST_FEED, Kind.BATCH}
    return inputs.feed_cpu_ms * BATCH / 25 if many else inputs.read_cpu_ms


def _busy_seconds(day: ReadDay, costs: Mapping[Kind, ReadCost], inputs: Inputs) -> float:
    """Lambda bills whole milliseconds."""
    slower = CORE_MB / inputs.read_function_mb
    return sum(
        requests * math.ceil(cpu_ms(kind, inputs) * slower + costs[kind].wait_seconds * 1000) / 1000
        for kind, requests in day.requests.items()
    )


def _kept_units(day: ReadDay, costs: Mapping[Kind, ReadCost]) -> float:
    """Units of rows that a process has in memory: of a viewed profile all that is read, and of a
    followed user the list and the settings.
    """
    popular = followed_share()
    heads, shown = costs[Kind.FIRST_FEED].read - costs[Kind.FEED].read, BATCH
    saved = {
        Kind.PROFILE: day.kept * costs[Kind.PROFILE].read,
        Kind.BATCH: day.kept * BATCH,
        Kind.FIRST_FEED: popular * (heads + shown),
        Kind.FEED: popular * shown,
    }
    return sum(day.requests.get(kind, 0) * units for kind, units in saved.items())


def _gateway(count: float, prices: Prices) -> Charge:
    first = min(count, 300 * _MILLION / DAYS_A_MONTH)
    usd = first * prices["http_api_request"]
    usd += (count - first) * prices["http_api_request_beyond_300_million"]
    return Charge("API Gateway", count, "requests", usd)


_TIERS = (
    ("cloudfront_gb_first_10_tb", 10_000),
    ("cloudfront_gb_next_40_tb", 40_000),
    ("cloudfront_gb_next_100_tb", 100_000),
    ("cloudfront_gb_next_350_tb", math.inf),
)
"""Prices and GB a month. Beyond 500 TB there are further tiers, which would cost less."""


def _sent(gb_a_day: float, prices: Prices) -> Charge:
    left, usd = gb_a_day * DAYS_A_MONTH, 0.0
    for price, size in _TIERS:
        part = min(left, size)
        usd, left = usd + part * prices[price], left - part
    return Charge("CloudFront, bytes", gb_a_day, "GB", usd / DAYS_A_MONTH)
