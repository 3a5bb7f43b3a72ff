"""The bill of a whole day: ingest with its pushes, reads, storage, and what stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from simulator.capacity.cost import DAYS_A_MONTH, RETENTION_DAYS
from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices
from simulator.metering.bill import (
    LISTENING,
    PLAYS_A_CRAWL,
    Bill,
    Charge,
    Compacted,
    Scale,
    charge,
    dynamodb,
    ours,
)
from simulator.metering.push_bill import PushCosts, push_bill
from simulator.metering.read_bill import BEFORE, Kind, ReadCost, ReadDay, read_bill
from simulator.metering.unit_costs import UnitCosts

LONGEST_WAIT_DAYS = 7
"""How rarely an account is crawled whose push brings everything (domain/crawl/push_coverage.py)."""
ALARMS, SCALING_ALARMS, COMPOSITE_ALARMS, DASHBOARDS = 83, 64, 6, 4
FIREWALL_RULES, SECRETS = 5, 7
"""Of the stage production; a test compares them with its templates."""
COMPOSITE_PRICE = 5
"""A composite alarm costs as much as five others."""
OTHER_TABLES_GB = 925
"""Tables beside Plays at full scale: the table of storage in docs/design.md."""
ARCHIVE_DAYS = 365
_CLASS = 0.25
NAIVE_ITEMS = 210
"""Plays of a week, each an item of 600 bytes, that a read of a list groups and counts."""
NAIVE_UNITS = NAIVE_ITEMS * 600 / 4096 / 2
NAIVE_LIST_BYTES = 5_200
"""A list of ten songs as JSON, with headers, that nobody compresses."""
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Whole:
    """A day's bills: `reads` where every read is a request of its own, `batched` where half come in
    batches.
    """

    ingest: Bill
    storage: Bill
    standing: Bill
    reads: Bill
    batched: Bill
    naive_reads: Bill

    @property
    def usd(self) -> float:
        return self._rest + self.reads.usd

    @property
    def batched_usd(self) -> float:
        return self._rest + self.batched.usd

    @property
    def _rest(self) -> float:
        return self.ingest.usd + self.storage.usd + self.standing.usd


def whole(
    inputs: Inputs,
    units: UnitCosts,
    prices: Prices,
    *,
    chunk_bytes: float,
    compacted: Compacted,
    pushes: PushCosts,
    push_cpu_ms: float,
    reads: Mapping[Kind, ReadCost],
    kept: float,
) -> Whole:
    """`pushes` are of plays that a provider delivers many at a time; `kept` is the share of
    popular users' rows that a process has in memory.
    """
    ingest = _ingest(
        inputs,
        units,
        prices,
        chunk_bytes=chunk_bytes,
        compacted=compacted,
        pushes=pushes,
        push_cpu_ms=push_cpu_ms,
    )
    scale = inputs.users / 50_000_000
    alone, batched = (
        ReadDay.of(batched=share, kept=kept, reads=500_000_000 * scale) for share in (0.0, 0.5)
    )
    return Whole(
        ingest,
        storage(inputs, prices, chunk_bytes=chunk_bytes, compacted=compacted),
        standing(prices),
        read_bill("each read a request", alone, reads, inputs, prices),
        read_bill("half in batches of 20", batched, reads, inputs, prices),
        read_bill("naive", replace(alone, kept=0.0), naive_reads(reads), inputs, prices, BEFORE),
    )


def naive_reads(reads: Mapping[Kind, ReadCost]) -> Mapping[Kind, ReadCost]:
    """The naive design reads and counts a week of plays of every user that it shows or sorts."""
    followed = 80
    lists = {Kind.FIRST_FEED: followed, Kind.FEED: followed, Kind.BATCH: 20}
    return {
        kind: replace(
            cost,
            read=NAIVE_UNITS * lists.get(kind, 1),
            write=0.0,
            answer_bytes=NAIVE_LIST_BYTES * (20 if kind in lists else 1),
        )
        for kind, cost in reads.items()
    }


def _ingest(
    inputs: Inputs,
    units: UnitCosts,
    prices: Prices,
    *,
    chunk_bytes: float,
    compacted: Compacted,
    pushes: PushCosts,
    push_cpu_ms: float,
) -> Bill:
    everyone = Scale.of(inputs)
    left_out = everyone.crawls * inputs.pushed_accounts * (1 - 1 / LONGEST_WAIT_DAYS)
    crawled = replace(
        inputs,
        connections_per_user=inputs.connections_per_user * (1 - left_out / everyone.crawls),
    )
    pulled = ours(
        crawled, units, prices, chunk_bytes=chunk_bytes, compacted=compacted, provisioned=True
    )
    plays = everyone.crawls * inputs.pushed_accounts * PLAYS_A_CRAWL
    pushed = push_bill("pushed", plays, pushes, push_cpu_ms, inputs, prices, provisioned=True)
    written = (
        crawled.users * crawled.connections_per_user * LISTENING * units.crawl.chunk
        + inputs.users * LISTENING * compacted.write_units
        + plays * pushes.write
    )
    read = everyone.lists * units.list_read
    return Bill(
        "ingest",
        tuple(
            _merged(
                one
                for one in (
                    *pulled.charges,
                    # The job of an account that can wait reads what was pushed and marks the row.
                    dynamodb("write", left_out, prices, provisioned=True),
                    dynamodb("read", left_out, prices, provisioned=True),
                    charge("SQS", left_out * units.sqs, "requests", "sqs_request", prices),
                    *pushed.charges,
                    # What the archive copies.
                    dynamodb("read", everyone.with_plays / 2, prices, provisioned=True),
                    # Units of Plays cost a quarter more, for the class of its storage.
                    dynamodb("write", written * _CLASS, prices, provisioned=True, of=", class"),
                    dynamodb("read", read * _CLASS, prices, provisioned=True, of=", class"),
                )
                if not one.what.startswith("storage")
            )
        ),
    )


def storage(inputs: Inputs, prices: Prices, *, chunk_bytes: float, compacted: Compacted) -> Bill:
    """Plays of a year, their archive, the other tables, and backups of all tables."""
    scale = Scale.of(inputs)
    day = scale.with_plays * chunk_bytes
    year = inputs.users * LISTENING * compacted.row_bytes * compacted.days
    plays_gb = (day * RETENTION_DAYS + year) / _GB
    others_gb = OTHER_TABLES_GB * inputs.users / 50_000_000
    archived = day * ARCHIVE_DAYS / _GB
    return Bill(
        "storage",
        (
            _monthly("plays", plays_gb, "GB", prices["dynamodb_infrequent_gb_month"]),
            _monthly("other tables", others_gb, "GB", prices["dynamodb_gb_month"]),
            _monthly(
                "point-in-time recovery",
                plays_gb + others_gb,
                "GB",
                prices["dynamodb_recovery_gb_month"],
            ),
            _monthly("archive", archived, "GB", prices["s3_gb_month"]),
        ),
    )


def standing(prices: Prices) -> Bill:
    """What costs the same whatever is asked."""
    alarms = ALARMS + SCALING_ALARMS + COMPOSITE_ALARMS * COMPOSITE_PRICE
    return Bill(
        "standing",
        (
            _monthly("alarms", alarms, "alarms", prices["alarm_month"]),
            _monthly("dashboards", DASHBOARDS, "dashboards", prices["dashboard_month"]),
            Charge(
                "firewall, rules",
                FIREWALL_RULES,
                "rules",
                (prices["waf_acl_month"] + FIREWALL_RULES * prices["waf_rule_month"])
                / DAYS_A_MONTH,
            ),
            _monthly("secrets", SECRETS, "secrets", prices["secret_month"]),
        ),
    )


def events_bill(inputs: Inputs, prices: Prices) -> Charge:
    """Events of every list that changes. Tenants choose them; they are not in the total."""
    return charge("events", Scale.of(inputs).lists, "events", "event", prices)


def _monthly(what: str, amount: float, unit: str, usd: float) -> Charge:
    return Charge(what, amount, unit, amount * usd / DAYS_A_MONTH)


def _merged(charges: Iterable[Charge]) -> Sequence[Charge]:
    """Charges of the same name added, in the order of their first."""
    found: dict[str, Charge] = {}
    for one in charges:
        known = found.get(one.what)
        found[one.what] = (
            replace(known, amount=known.amount + one.amount, usd=known.usd + one.usd)
            if known
            else one
        )
    return [*found.values()]
