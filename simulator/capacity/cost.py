"""Dollars a day of ingest: Lambda, DynamoDB on demand and provisioned, SQS, storage.

Not included: reads of lists, logs, metrics, KMS and backups. They do not grow with the crawls, or
are metered elsewhere.
"""

from dataclasses import asdict, dataclass

from simulator.capacity.demand import connections
from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices
from simulator.capacity.simulation import CORE_MB, Trace
from simulator.capacity.staleness import DAY_SECONDS

CHUNK_BYTES = 800
"""A typical day's chunk, with DynamoDB's 100 bytes per item."""
RETENTION_DAYS = 35
PROVISIONED_OVER_MEAN = 1.3
"""Provisioned capacity relative to the day's mean; the timetable keeps the load flat."""
_SQS_REQUESTS = 0.3
"""Per crawl a tenth of a send, a receive and a delete: ten messages per request."""
PUSHES_A_DAY = 4
"""Assumed deliveries of a pushing provider per listening account."""
_WRITE_UNITS_PER_PUSH = 1
_AGGREGATE_WAIT_SECONDS = 0.005
_AGGREGATE_BATCH = 100
DAYS_A_MONTH = 365 / 12
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Work:
    """Per day: crawls, crawls with plays, seconds of all crawl environments, pushes."""

    crawls: float
    with_plays: float
    environment_seconds: float
    pushes: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars a day; the two DynamoDB figures are alternatives."""

    crawl_lambda: float
    aggregate_lambda: float
    push: float
    sqs: float
    storage: float
    dynamodb_on_demand: float
    dynamodb_provisioned: float

    @property
    def on_demand(self) -> float:
        return self._rest + self.dynamodb_on_demand

    @property
    def provisioned(self) -> float:
        return self._rest + self.dynamodb_provisioned

    @property
    def _rest(self) -> float:
        return self.crawl_lambda + self.aggregate_lambda + self.push + self.sqs + self.storage

    def figures(self) -> dict[str, float]:
        return asdict(self) | {"on_demand": self.on_demand, "provisioned": self.provisioned}


def work(trace: Trace, lane: int) -> Work:
    """The mean day of a scenario."""
    scenario, with_plays, pushed = trace.scenarios[lane], 0.0, 0.0
    done = trace.done[-1, lane].sum(axis=-1) / trace.days
    for provider, sample in enumerate(trace.demand.samples[lane]):
        accounts = connections(scenario, provider, trace.inputs)
        with_plays += float(done[provider]) * sample.with_plays
        pushed += accounts * sample.pushed_listening / len(sample.kinds) * PUSHES_A_DAY
    seconds = float(trace.busy_seconds[-1, lane].sum()) / trace.inputs.batch / trace.days
    return Work(float(done.sum()), with_plays, seconds, pushed)


def cost(done: Work, inputs: Inputs, prices: Prices) -> Cost:
    empty = done.crawls - done.with_plays
    lists = done.with_plays + done.pushes
    writes = (
        done.with_plays * inputs.write_units_per_crawl
        + done.pushes * _WRITE_UNITS_PER_PUSH
        + lists * inputs.write_units_per_list
        + empty * inputs.write_units_per_empty_crawl
    )
    reads = done.crawls * inputs.read_units_per_crawl + lists * inputs.read_units_per_list
    gb_second, request = prices["lambda_arm64_gb_second"], prices["lambda_request"]
    crawl_gb, aggregate_gb = inputs.crawl_function_mb / 1024, inputs.aggregate_function_mb / 1024
    computing = inputs.aggregate_cpu_ms / 1000 * CORE_MB / inputs.aggregate_function_mb
    aggregate_seconds = lists * (computing + _AGGREGATE_WAIT_SECONDS)
    stored_gb = (done.with_plays + done.pushes) * CHUNK_BYTES * RETENTION_DAYS / _GB
    return Cost(
        crawl_lambda=done.environment_seconds * crawl_gb * gb_second
        + done.crawls / inputs.batch * request,
        aggregate_lambda=aggregate_seconds * aggregate_gb * gb_second
        + lists / _AGGREGATE_BATCH * request,
        push=done.pushes * (prices["http_api_request"] + request),
        sqs=done.crawls * _SQS_REQUESTS * prices["sqs_request"],
        storage=stored_gb * prices["dynamodb_gb_month"] / DAYS_A_MONTH,
        dynamodb_on_demand=writes * prices["dynamodb_write_unit"]
        + reads * prices["dynamodb_read_unit"],
        dynamodb_provisioned=_provisioned(writes, "write", prices)
        + _provisioned(reads, "read", prices),
    )


def _provisioned(units: float, kind: str, prices: Prices) -> float:
    per_second = units / DAY_SECONDS * PROVISIONED_OVER_MEAN
    return per_second * 24 * prices[f"dynamodb_provisioned_{kind}_hour"]
